export type * from './types';
export { checkReceipts } from './checkReceipts';
export type { CheckReceiptsInput, ReceiptCheck } from './checkReceipts';
export { makeReceipt } from './makeReceipt';
export type { ReceiptInput } from './makeReceipt';
export { isReceiptPath, readReceipt } from './readReceipt';
export type { ReadReceipt } from './readReceipt';
export {
  keyIdOf,
  MOST_RECEIPT_BYTES,
  receiptFile,
  receiptPath,
  receiptPayload,
  RECEIPTS_FOLDER,
  textDigest,
} from './receiptText';
export type { ReceiptPayload } from './receiptText';
