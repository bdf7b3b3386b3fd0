/** Letters that run from right to left, and marks that turn what follows them. */
const TURNS =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u200F\u202A-\u202E\u2066-\u2069]|[\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Marks of isolates, with which a name could end the one that it stands in. */
const ISOLATES = /[\u2066-\u2069]/g;

/**
 * A name as it stands in a sentence: one that may turn what is beside it around is set apart by marks that nobody sees (U+2068,
 * U+2069). Any other stays as it is, so that sentences can be copied, searched and compared as they read.
 */
export function isolated(name: string): string {
  return TURNS.test(name) ? `\u2068${name.replace(ISOLATES, '')}\u2069` : name;
}
