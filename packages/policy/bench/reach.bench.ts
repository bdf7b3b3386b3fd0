import { Bench } from 'tinybench';
import { buildCluster } from '../src/estate';
import { createWorld, evaluate } from '../src/evaluate';
import { diff, reach } from '../src/reach';
import { WorldShape, generateWorld } from './generateWorld';

/**
 * Times of judging generated worlds, objects parsed. Run it with
 * `node --require @backstage/cli/config/nodeTransform.cjs bench/reach.bench.ts`.
 */
function clusterOf(shape: WorldShape) {
  const mesh = shape.mesh ? 'sidecar' : 'none';
  return buildCluster({ name: 'bench', objects: generateWorld(shape), mesh })
    .cluster;
}

async function main(): Promise<void> {
  const kernel = clusterOf({ workloads: 400, callers: 4, mesh: false });
  const both = clusterOf({ workloads: 400, callers: 4, mesh: true });
  const smaller = clusterOf({ workloads: 200, callers: 4, mesh: false });
  const without = clusterOf({
    workloads: 200,
    callers: 4,
    mesh: false,
    without: 3,
  });
  const large = createWorld([
    clusterOf({ workloads: 10_000, callers: 4, mesh: true }),
  ]);
  const names = [...large.parties.keys()];
  let turn = 0;

  const bench = new Bench({ time: 1000, warmupIterations: 3 });
  bench
    .add('reach of 400 workloads, network policies', () => {
      reach(createWorld([kernel]), { outside: false });
    })
    .add('reach of 400 workloads, network and authorization policies', () => {
      reach(createWorld([both]), { outside: false });
    })
    .add('diff of 200 workloads, 3 edges removed', () => {
      diff(createWorld([smaller]), createWorld([without]));
    })
    .add('one verdict at 10,000 + 10,000 policies', () => {
      turn = (turn + 7919) % names.length;
      const [from, to] = [names[turn], names[(turn + 1) % names.length]];
      evaluate(large, {
        from,
        to,
        port: 8080,
        http: { method: 'GET', path: '/v1/x', host: 'x' },
      });
    });
  await bench.run();
  const rows = bench.tasks.map(({ name, result }) => ({
    name,
    ms: result ? Number(result.mean.toFixed(4)) : undefined,
    p99: result ? Number(result.p99.toFixed(4)) : undefined,
    runs: result?.samples.length,
  }));
  process.stdout.write(`${rows.map(row => JSON.stringify(row)).join('\n')}\n`);
}

main().catch(error => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
