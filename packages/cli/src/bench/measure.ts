/** What a benchmark took. CPU is that of the whole process, its helpers' threads among it. */
export interface Measurement {
  /** id of the benchmark */
  id: string;
  what: string;
  /** times that it ran; the first ones, which warm up, are not counted */
  runs: number;
  /** median of the runs, CPU milliseconds */
  cpuMs: number;
  /** median of the runs, milliseconds on the clock */
  wallMs: number;
  /** largest resident set of the process so far, MB */
  peakMb: number;
  /** what one unit is, and how many of them one run had */
  units?: { name: string; count: number };
}

/** How a benchmark is run. */
export interface Benchmark {
  id: string;
  what: string;
  /**
   * Made once; what is measured begins with its result. That may give the CPU
   * of a process of its own as `cpuMs`, in place of this one's.
   */
  prepare(): () => unknown;
  warmup: number;
  runs: number;
  units?: { name: string; count: number };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1];

/** CPU milliseconds that a run says itself. */
function ownCpu(result: unknown): number | undefined {
  return typeof result === 'object' &&
    result !== null &&
    'cpuMs' in result &&
    typeof result.cpuMs === 'number'
    ? result.cpuMs
    : undefined;
}

/** Runs a benchmark and gives the medians. */
export function measure(benchmark: Benchmark): Measurement {
  const { id, what, runs, warmup, units } = benchmark;
  const run = benchmark.prepare();
  for (let turn = 0; turn < warmup; turn++) run();
  const cpu: number[] = [];
  const wall: number[] = [];
  for (let turn = 0; turn < runs; turn++) {
    const usage = process.cpuUsage();
    const start = performance.now();
    const result = run();
    wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(usage);
    cpu.push(ownCpu(result) ?? (user + system) / 1000);
  }
  return {
    id,
    what,
    runs,
    cpuMs: median(cpu),
    wallMs: median(wall),
    peakMb: process.resourceUsage().maxRSS / 1024,
    ...(units && { units }),
  };
}
