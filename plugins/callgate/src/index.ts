export { callgatePlugin } from './plugin';
