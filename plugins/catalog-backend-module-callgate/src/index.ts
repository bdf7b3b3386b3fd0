export { catalogModuleCallgate as default } from './module';
