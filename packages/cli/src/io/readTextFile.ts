import { readFileSync, statSync, type Stats } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { UsageError } from '../UsageError';
import { reasonOf } from './reasonOf';

/** What the largest text that a parser takes can need in UTF-8. */
const MOST_BYTES = 512 * 1024 * 1024;

/** Pipes that the shell itself hands over, as in `--calls <(…)`, and the file that is always empty. */
const HANDED_OVER = /^\/(dev\/(fd\/\d+|stdin|null)|proc\/self\/fd\/\d+)$/;

/**
 * Says what is at a path.
 *
 * @param shown - the path as the person wrote it
 * @param option - the option that it is from, for the message
 * @throws UsageError when there is nothing, or nothing that could be read: a
 * pipe, socket or device could keep us waiting for ever
 */
export function statPath(
  absolute: string,
  shown: string,
  option: string,
): Stats {
  let stats: Stats;
  try {
    stats = statSync(absolute);
  } catch (error) {
    throw new UsageError(
      `cannot read ${shown}: ${reasonOf(error)}; check ${option}`,
    );
  }
  const isUsual = stats.isFile() || stats.isDirectory();
  if (!isUsual && !HANDED_OVER.test(absolute)) {
    throw new UsageError(
      `cannot read ${shown}: it is a pipe, socket or device; ${option} wants files`,
    );
  }
  if (stats.isFile() && stats.size > MOST_BYTES) {
    throw new UsageError(
      `cannot read ${shown}: it has ${stats.size} bytes, more than ${MOST_BYTES}; split it, or check ${option}`,
    );
  }
  return stats;
}

/**
 * Reads text: UTF-8, or UTF-16 where a byte order mark says so; the mark is no
 * part of the text.
 *
 * @throws UsageError with file and line when bytes are no text: what they are
 * replaced by could make names equal that are not
 */
export function readTextFile(
  absolute: string,
  shown: string,
  option: string,
): string {
  statPath(absolute, shown, option);
  let bytes: Buffer;
  try {
    bytes = readFileSync(absolute);
  } catch (error) {
    throw new UsageError(
      `cannot read ${shown}: ${reasonOf(error)}; check ${option}`,
    );
  }
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return utf16(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return utf16(bytes, 'utf-16be');
  if (!isUtf8(bytes)) {
    throw new UsageError(
      `${shown}:${lineOfBadByte(
        bytes,
      )} is not text in UTF-8; save it as UTF-8, or check ${option}`,
    );
  }
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function utf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): string {
  return new TextDecoder(encoding).decode(bytes);
}

function lineOfBadByte(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    // A character never spans the end of a line.
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
    line += 1;
  }
}
