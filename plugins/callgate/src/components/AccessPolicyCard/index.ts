export { AccessPolicyCard } from './AccessPolicyCard';
