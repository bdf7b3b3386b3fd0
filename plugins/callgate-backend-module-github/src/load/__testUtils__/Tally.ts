/** What happened how often, and how long answers took. */
export class Tally {
  readonly counts: Record<string, number> = {};
  readonly #times = new Map<string, number[]>();

  count(what: string, by = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + by;
  }

  async timed<T>(what: string, work: PromiseLike<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work;
    } finally {
      const times = this.#times.get(what) ?? [];
      this.#times.set(what, times);
      times.push(performance.now() - from);
    }
  }

  /** Of each kind of answer: how many, the median and the 95th percentile in milliseconds. */
  times(): Record<string, { n: number; p50: number; p95: number }> {
    return Object.fromEntries(
      [...this.#times].map(([what, times]) => {
        const sorted = [...times].sort((a, b) => a - b);
        const at = (share: number) =>
          Math.round(sorted[Math.floor((sorted.length - 1) * share)]);
        return [what, { n: sorted.length, p50: at(0.5), p95: at(0.95) }];
      }),
    );
  }
}
