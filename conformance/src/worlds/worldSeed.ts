/** Every bit of a number has a say in every bit of this (MurmurHash3, finalizer). */
function mixed(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * The seed of one world of a run. Runs of neighbouring seeds have no world in common, so that each is a sample of its own; the
 * first world of a run has the seed of the run, so that one that differs is seen again by its own seed.
 */
export function worldSeed(seed: number, index: number): number {
  // Zero is no seed to begin with.
  return index === 0 ? seed : mixed(mixed(seed) + index) || 1;
}
