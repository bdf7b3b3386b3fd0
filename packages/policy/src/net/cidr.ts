/** Inclusive range of addresses of one family. */
export interface AddressRange {
  family: 4 | 6;
  from: bigint;
  to: bigint;
}

const V4_BITS = 32;
const V6_BITS = 128;

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    // Leading zeros are refused as Kubernetes and Go do: some readers take them for octal.
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part)) return undefined;
    const byte = Number(part);
    if (byte > 255) return undefined;
    value = value * 256n + BigInt(byte);
  }
  return value;
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (index === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part);
      if (v4 === undefined) return undefined;
      groups.push(Number(v4 / 65536n), Number(v4 % 65536n));
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(parseInt(part, 16));
    }
  }
  return groups;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0]);
  const tail = halves.length === 2 ? groupsOf(halves[1]) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.reduce((value, group) => value * 65536n + BigInt(group), 0n);
}

/** Reads an IPv4 or IPv6 address. */
export function parseAddress(
  text: string,
): { family: 4 | 6; value: bigint } | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { family: 4, value: v4 };
  if (!text.includes(':')) return undefined;
  const v6 = parseV6(text);
  return v6 === undefined ? undefined : { family: 6, value: v6 };
}

/** Reads an address or a CIDR as the range of addresses it stands for. */
export function parseCidr(text: string): AddressRange | undefined {
  const match = /^([^/]+)(?:\/(0|[1-9][0-9]{0,2}))?$/.exec(text);
  if (!match) return undefined;
  const address = parseAddress(match[1]);
  if (!address) return undefined;
  const bits = address.family === 4 ? V4_BITS : V6_BITS;
  const length = match[2] === undefined ? bits : Number(match[2]);
  if (length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const from = (address.value / size) * size;
  return { family: address.family, from, to: from + size - 1n };
}

function formatV6(value: bigint): string {
  const groups: string[] = [];
  for (let index = 7; index >= 0; index--)
    groups.push(((value >> BigInt(16 * index)) & 0xffffn).toString(16));
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === '0') length++;
    if (length > best.length) best = { at, length };
  }
  if (best.at < 0) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups
    .slice(best.at + best.length)
    .join(':')}`;
}

/** Writes an address in its usual short form (RFC 5952). */
export function formatAddress(family: 4 | 6, value: bigint): string {
  if (family === 6) return formatV6(value);
  return [24n, 16n, 8n, 0n]
    .map(shift => ((value >> shift) & 255n).toString())
    .join('.');
}

/**
 * An address or a block as API servers take it: a single address with its whole length, no bits beyond the prefix
 * (Kubernetes 1.36, `StrictIPCIDRValidation`). Text that is neither stays as it is.
 */
export function asBlock(text: string): string {
  const range = parseCidr(text);
  if (!range) return text;
  const { family, from, to } = range;
  const bits = family === 4 ? V4_BITS : V6_BITS;
  const free = (to - from + 1n).toString(2).length - 1;
  return `${formatAddress(family, from)}/${bits - free}`;
}
