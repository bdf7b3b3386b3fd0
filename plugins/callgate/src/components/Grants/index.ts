export { useGrantAsks } from './useGrantAsks';
