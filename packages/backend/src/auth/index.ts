export { signInModules as default } from './signInModules';
