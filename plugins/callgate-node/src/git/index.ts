export * from './GitStore';
export * from './BareGitStore';
export * from './countLineChanges';
export * from './repositoryPath';
