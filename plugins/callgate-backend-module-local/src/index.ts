export { callgateModuleLocal as default } from './module';
