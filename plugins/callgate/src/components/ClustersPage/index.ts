export { ClustersLink } from './ClustersLink';
export { ClustersPage } from './ClustersPage';
