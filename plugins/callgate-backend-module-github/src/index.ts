export { callgateModuleGithub as default } from './module';
