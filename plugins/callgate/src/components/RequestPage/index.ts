export { Crumbs } from './Crumbs';
export { RequestPage } from './RequestPage';
