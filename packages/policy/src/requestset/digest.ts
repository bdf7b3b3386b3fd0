import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/** A digest takes this much; a shorter text stands for itself. */
const LONGEST_KEY = 256;

/** sha256 of a text, as `sha256:<hex>`. */
export function digestOf(text: string): string {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`;
}

/** A text that is equal for equal texts only, and short. */
export function shortKey(text: string): string {
  return text.length > LONGEST_KEY ? digestOf(text) : text;
}
