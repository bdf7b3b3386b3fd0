export { LoadedPage } from './LoadedPage';
export { SubPage } from './SubPage';
