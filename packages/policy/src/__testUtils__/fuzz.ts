import fc from 'fast-check';

/**
 * Checks a property with as many runs as `CALLGATE_FUZZ_RUNS` says, otherwise with few. `CALLGATE_FUZZ_SEED`
 * repeats a run; a failure prints its seed by itself.
 */
export function fuzz<T>(property: fc.IProperty<T>, runs = 300): void {
  const { CALLGATE_FUZZ_RUNS: asked, CALLGATE_FUZZ_SEED: seed } = process.env;
  fc.assert(property, {
    numRuns: asked ? Number(asked) : runs,
    ...(seed && { seed: Number(seed) }),
  });
}
