import {
  amendWorld,
  buildCluster,
  compile,
  createWorld,
  diff,
  evaluate,
  loadManifests,
  meaning,
  prove,
  reach,
  type Cluster,
  type ManifestObject,
  type World,
} from '@callgate/policy';
import { stringify } from 'yaml';
import { generateCompany } from './generateCompany';
import { generateWorld, type WorldShape } from './generateWorld';
import type { Benchmark } from './measure';
import { WHOLE_COMMANDS } from './wholeCommands';

function clusterOf(shape: WorldShape): Cluster {
  return buildCluster({
    name: 'bench',
    objects: generateWorld(shape),
    mesh: shape.mesh ? 'sidecar' : 'none',
  }).cluster;
}

function reaching(
  id: string,
  shape: WorldShape,
  more: Partial<Benchmark> = {},
): Benchmark {
  return {
    id,
    what: `reach of ${shape.workloads} workloads, ${
      shape.callers
    } callers each, network policies${
      shape.mesh ? ' and authorization policies' : ''
    }`,
    prepare: () => {
      const cluster = clusterOf(shape);
      return () => reach(createWorld([cluster]), { outside: false });
    },
    warmup: 10,
    runs: 15,
    units: { name: 'workload', count: shape.workloads },
    ...more,
  };
}

function verdicts(workloads: number): Benchmark {
  const count = 2000;
  return {
    id: 'verdict',
    what: `one verdict among ${workloads} network policies and as many authorization policies, warm`,
    prepare: () => {
      const world: World = createWorld([
        clusterOf({ workloads, callers: 4, mesh: true }),
      ]);
      const names = [...world.parties.keys()];
      let turn = 0;
      return () => {
        for (let call = 0; call < count; call++) {
          turn = (turn + 7919) % names.length;
          evaluate(world, {
            from: names[turn],
            to: names[(turn + 1) % names.length],
            port: 8080,
            http: { method: 'GET', path: '/v1/x', host: 'x' },
          });
        }
      };
    },
    warmup: 20,
    runs: 15,
    units: { name: 'verdict', count },
  };
}

function compiling(workloads: number, runs: number): Benchmark {
  return {
    id: `compile-${workloads}`,
    what: `compile ${workloads} workloads with ${
      workloads * 4
    } edges, parsed objects to YAML`,
    prepare: () => {
      const { policies, catalog, objects, profile } =
        generateCompany(workloads);
      return () => {
        const { cluster } = buildCluster({ name: 'bench', objects, profile });
        return compile({ policies, catalog, clusters: [cluster] });
      };
    },
    warmup: runs > 1 ? 2 : 0,
    runs,
    units: { name: 'workload', count: workloads },
  };
}

function policiesOfOthers(count: number): ManifestObject[] {
  return Array.from({ length: count }, (_, index) => ({
    object: {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumClusterwideNetworkPolicy',
      metadata: { name: `everybody-${index}` },
      spec: { endpointSelector: {}, ingress: [{}] },
    },
    at: { file: `others/${index}.yaml`, line: 1 },
  }));
}

/**
 * @param others - policies of a kind that is not judged, each of which selects every pod
 */
function previewing(workloads: number, others = 0): Benchmark {
  return {
    id: others > 0 ? 'preview-others' : 'preview',
    what: `preview of one request among ${workloads} workloads: compile, meaning, proof${
      others > 0 ? `; under ${others} policies of others that touch all` : ''
    }`,
    prepare: () => {
      const { policies, catalog, objects, profile } =
        generateCompany(workloads);
      const { cluster } = buildCluster({
        name: 'bench',
        objects: [...objects, ...policiesOfOthers(others)],
        profile,
      });
      const clusters = [cluster];
      const state = (declared: typeof policies) => ({
        clusters,
        compilation: compile({ policies: declared, catalog, clusters }),
      });
      const before = state(policies);
      let turn = 0;
      return () => {
        turn += 1;
        const [first, ...rest] = policies;
        const { spec } = first.policy;
        const grant = {
          id: `new-${turn}`,
          caller: `component:default/app-${40 + turn}`,
          operations: [{ id: 'create' }],
        };
        const after = state([
          {
            ...first,
            policy: {
              ...first.policy,
              spec: { ...spec, grants: [...spec.grants, grant] },
            },
          },
          ...rest,
        ]);
        const { content } = meaning({
          before,
          after,
          api: spec.api,
          scope: [],
          catalog,
        });
        return prove({ before, after, approved: [content] });
      };
    },
    warmup: 2,
    runs: 5,
  };
}

function indexing(workloads: number): Benchmark {
  return {
    id: `index-${workloads}`,
    what: `index ${workloads} workloads, a quarter as many namespaces, three quarters as many network policies, objects parsed`,
    prepare: () => {
      const objects = generateWorld({
        workloads,
        callers: 1,
        mesh: false,
        namespaceSize: 4,
        policiesOf: index => index % 4 !== 3,
      });
      return () =>
        createWorld([
          buildCluster({ name: 'bench', objects, mesh: 'none' }).cluster,
        ]);
    },
    warmup: 0,
    runs: 3,
    units: { name: 'workload', count: workloads },
  };
}

function parsing(): Benchmark {
  const megabytes = 2;
  return {
    id: 'parse',
    what: `parse YAML, ${megabytes} MB`,
    prepare: () => {
      const objects = generateWorld({
        workloads: 2000,
        callers: 4,
        mesh: true,
      });
      let text = '';
      for (const { object } of objects) {
        if (text.length > megabytes * 1_000_000) break;
        // As people write it: what objects share is written out.
        text += `${stringify(object, { aliasDuplicateObjects: false })}---\n`;
      }
      return () => loadManifests([{ path: 'bench.yaml', text }]);
    },
    warmup: 1,
    runs: 3,
    units: { name: 'MB', count: megabytes },
  };
}

const differing: Benchmark = {
  id: 'diff-200',
  what: 'semantic diff of 200 workloads, 3 edges removed',
  prepare: () => {
    const shape = { workloads: 200, callers: 4, mesh: false };
    const before = clusterOf(shape);
    const after = clusterOf({ ...shape, without: 3 });
    return () => diff(createWorld([before]), createWorld([after]));
  },
  warmup: 30,
  runs: 30,
};

/** A changed rule in a very large world, and what that means. */
function amending(workloads: number): Benchmark {
  return {
    id: `amend-${workloads}`,
    what: `diff after one changed policy among ${workloads} workloads`,
    prepare: () => {
      const world = createWorld([
        clusterOf({
          workloads,
          callers: 1,
          mesh: false,
          namespaceSize: 4,
          policiesOf: index => index % 4 !== 3,
        }),
      ]);
      const policies = world.clusters[0].objects.filter(
        ({ object }) => object.kind === 'NetworkPolicy',
      );
      let turn = 0;
      return () => {
        turn += 1;
        const { object, at } = policies[(turn * 7919) % policies.length];
        const ports = [{ port: 9000 + (turn % 100), protocol: 'TCP' }];
        const spec = object.spec as { ingress: object[] };
        const ingress = spec.ingress.map(rule => ({ ...rule, ports }));
        const changed = { ...object, spec: { ...spec, ingress } };
        const after = amendWorld(world, { apply: [{ object: changed, at }] });
        return diff(world, after);
      };
    },
    warmup: 5,
    runs: 30,
  };
}

/** Sizes for exponents of growth: time is size to the power of it. */
export const GROWTH = { prefix: 'growth', sizes: [1000, 10_000] } as const;

/**
 * The benchmarks of the core, each with the world that it needs.
 *
 * @param large - size of the worlds that are to show what happens with very many
 */
export function benchmarksOf(large: number): Benchmark[] {
  return [
    parsing(),
    reaching('reach-200-mesh', {
      workloads: 200,
      callers: 4,
      mesh: true,
      prefixes: true,
    }),
    reaching('reach-400', { workloads: 400, callers: 4, mesh: false }),
    reaching('reach-400-mesh', { workloads: 400, callers: 4, mesh: true }),
    differing,
    ...WHOLE_COMMANDS,
    reaching(
      'pairs-2000',
      { workloads: 2000, callers: 4, mesh: false },
      {
        what: 'every ordered pair of 2000 workloads, every port',
        warmup: 2,
        runs: 5,
      },
    ),
    verdicts(10_000),
    ...GROWTH.sizes.map(workloads =>
      reaching(
        `${GROWTH.prefix}-${workloads}`,
        { workloads, callers: 4, mesh: true },
        { warmup: 1, runs: 3 },
      ),
    ),
    previewing(2000),
    previewing(500, 100),
    compiling(2000, 3),
    compiling(large, 1),
    indexing(large),
    amending(large),
  ];
}
