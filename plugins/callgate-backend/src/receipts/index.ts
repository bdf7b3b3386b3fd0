export { Receipts } from './Receipts';
export { SigningKey } from './SigningKey';
