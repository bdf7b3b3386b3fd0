/**
 * Proposals as pull requests on github.com or GitHub Enterprise.
 *
 * @packageDocumentation
 */
export { callgateModuleGithub as default } from './module';
export { GithubForge } from './GithubForge';
