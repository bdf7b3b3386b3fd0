export { callgatePlugin as default } from './plugin';
