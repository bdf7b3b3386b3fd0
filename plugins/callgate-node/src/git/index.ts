export * from './GitStore';
export * from './BareGitStore';
export * from './repositoryPath';
