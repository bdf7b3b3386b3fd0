export { ProviderAskAction } from './ProviderAskAction';
