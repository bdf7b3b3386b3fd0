export { ApiAccessTab } from './ApiAccessTab';
