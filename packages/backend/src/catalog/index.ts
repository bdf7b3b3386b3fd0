export { localDefinitionsModule as default } from './localDefinitionsModule';
