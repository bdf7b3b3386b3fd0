/* eslint jest/expect-expect: ["warn", { "assertFunctionNames": ["expect", "expectSame"] }] */
import {
  buildCluster,
  createWorld,
  loadManifests,
  reach,
  type Workload,
} from '@callgate/policy';
import fc from 'fast-check';
import { CORE, object, ownedBy } from '../testUtils/objects';
import type { Json } from '../json';
import { ObjectStore } from './ObjectStore';
import { PodStore } from './PodStore';
import { renderFiles } from './renderFiles';
import { readKinds } from './wantedKinds';

jest.setTimeout(60_000);

/** Objects of a cluster by kind, in any order. */
type Dump = readonly { kind: string; object: Json }[];

const KINDS = readKinds({ kinds: CORE, unanswered: [] });

/** Stores that have read a cluster. */
function storesOf(dump: Dump) {
  return KINDS.map(kind => {
    const store = kind.form === 'pod' ? new PodStore() : new ObjectStore(kind);
    const refill = store.refill();
    for (const each of dump)
      if (each.kind === kind.kind) refill.add(each.object);
    refill.commit();
    return { kind, store };
  });
}

/** Annotations that network plugins write into each Pod are none that anybody asks for. */
const telling = (annotations: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !key.startsWith('cni.')),
  );

/** What the core makes of files: who may call whom, and the workloads, but for where they stand. */
function judged(files: { path: string; text: string }[]) {
  const { objects, findings } = loadManifests(files);
  expect(findings).toEqual([]);
  const { cluster } = buildCluster({ name: 'prod', objects });
  const withoutPlace = ({ at: _, ...rest }: Workload) => ({
    ...rest,
    annotations: telling(rest.annotations),
    objectAnnotations: telling(rest.objectAnnotations),
  });
  const workloads = cluster.workloads.map(each => ({
    ...withoutPlace(each),
    kinds: each.kinds?.map(withoutPlace),
  }));
  return {
    reach: JSON.stringify(reach(createWorld([cluster]))),
    workloads,
  };
}

/** The cluster as `kubectl get -o yaml` writes it down. */
function asDump(dump: Dump) {
  const items = dump.map(({ kind, object: each }) => {
    const { group, version } = KINDS.find(known => known.kind === kind)!;
    return {
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind,
      ...each,
    };
  });
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  return [{ path: 'dump.yaml', text }];
}

const asRead = (dump: Dump) => renderFiles('prod', storesOf(dump)).files;

function expectSame(dump: Dump): void {
  const read = judged(asRead(dump));
  const whole = judged(asDump(dump));
  expect(read.workloads).toEqual(whole.workloads);
  expect(read.reach).toBe(whole.reach);
}

const template = (app: string) => ({
  metadata: { labels: { app } },
  spec: {
    serviceAccountName: app,
    containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }],
  },
});

const deployment = (app: string, replicas = 2) => ({
  kind: 'Deployment',
  object: object(app, {
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      template: template(app),
    },
  }),
});

const replicaSet = (app: string, hash: string, replicas: number) => ({
  kind: 'ReplicaSet',
  object: object(`${app}-${hash}`, {
    metadata: ownedBy('Deployment', app),
    spec: { replicas, template: template(app) },
    status: { replicas },
  }),
});

const pod = (
  name: string,
  owner: readonly [kind: string, name: string] | undefined,
  labels: Json,
  more: { proxy?: boolean; phase?: string; account?: string } = {},
) => ({
  kind: 'Pod',
  object: object(name, {
    metadata: {
      labels,
      annotations: { 'cni.projectcalico.org/podIP': `10.0.0.${name.length}` },
      ...(owner ? ownedBy(...owner) : {}),
    },
    spec: {
      nodeName: 'node-1',
      serviceAccountName: more.account ?? 'orders',
      containers: [
        { name: 'app', ports: [{ containerPort: 8080 }] },
        ...(more.proxy
          ? [{ name: 'istio-proxy', args: ['proxy', 'sidecar', '--domain'] }]
          : []),
      ],
    },
    status: { phase: more.phase ?? 'Running', podIP: '10.0.0.1' },
  }),
});

const POLICY = {
  kind: 'NetworkPolicy',
  object: object('orders', {
    spec: {
      podSelector: { matchLabels: { app: 'orders' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { track: 'a' } } }] }],
    },
  }),
};

describe('what is read of a cluster, against the whole of it', () => {
  it('keeps two of a thousand equal pods', () => {
    const dump = [
      deployment('orders', 1000),
      replicaSet('orders', 'abc', 1000),
      ...Array.from({ length: 1000 }, (_, at) =>
        pod(
          `orders-abc-${String(at).padStart(4, '0')}`,
          ['ReplicaSet', 'orders-abc'],
          {
            app: 'orders',
            'pod-template-hash': 'abc',
          },
        ),
      ),
      POLICY,
    ];
    const pods = asRead(dump).find(
      ({ path }) => path === 'prod/pods/shop.yaml',
    )!;
    expect(
      JSON.parse(pods.text).items.map((each: any) => each.metadata.name),
    ).toEqual(['orders-abc-0000', 'orders-abc-0001']);
    expectSame(dump);
  });

  it('has an object in a line of its own, so that what is said of it names a place', () => {
    const files = asRead(
      ['a', 'b'].map(name => ({
        ...POLICY,
        object: object(name, { spec: { podSelector: {} } }),
      })),
    );
    const { objects } = loadManifests(files);
    expect(
      objects.map(({ object: { metadata }, at }) => [
        metadata.name,
        at.file,
        at.line,
      ]),
    ).toEqual([
      ['a', 'prod/networkpolicies/shop.yaml', 2],
      ['b', 'prod/networkpolicies/shop.yaml', 3],
    ]);
  });

  it('tells labels that a controller changed of one pod, after it told the old ones', () => {
    const ofRevision = (revision: string) =>
      pod('db-0', ['StatefulSet', 'db'], {
        app: 'db',
        'controller-revision-hash': revision,
      });
    const stores = storesOf([ofRevision('db-1')]);
    expect(JSON.stringify(renderFiles('prod', stores).files)).toContain('db-1');
    for (const { kind, store } of stores)
      if (kind.kind === 'Pod') store.set(ofRevision('db-2').object);
    expect(renderFiles('prod', stores).files).toEqual(
      asRead([ofRevision('db-2')]),
    );
  });

  it('folds pods of a StatefulSet, whose labels have their number', () => {
    const names = ['db-0', 'db-1', 'db-2', 'db-10'];
    const dump = [
      {
        kind: 'StatefulSet',
        object: object('db', {
          spec: { replicas: 4, template: template('db') },
        }),
      },
      ...names.map(name =>
        pod(name, ['StatefulSet', 'db'], {
          app: 'db',
          'statefulset.kubernetes.io/pod-name': name,
          'apps.kubernetes.io/pod-index': name.slice(3),
        }),
      ),
    ];
    const pods = asRead(dump).find(
      ({ path }) => path === 'prod/pods/shop.yaml',
    )!;
    expect(JSON.parse(pods.text).items).toHaveLength(2);
    expectSame(dump);
    // One that belongs to an operator: the core does not know which labels its pods have.
    const owned = {
      ...dump[0].object,
      metadata: {
        ...(dump[0].object.metadata as Json),
        ...ownedBy('Database', 'db'),
      },
    };
    const ofOperator = [
      { kind: 'StatefulSet', object: owned },
      ...dump.slice(1),
    ];
    expectSame(ofOperator);
    expectSame(dump.slice(1));
  });

  it('keeps pods whose name or number is in a label, where they stand for their owner', () => {
    // The core tells by such labels whether pods are of one kind: of these the first is one, and the others are another.
    expectSame(
      ['db-1', 'db-2', 'db-3'].map(name =>
        pod(name, ['Database', 'db'], { app: 'db', shard: '1' }),
      ),
    );
  });

  it('keeps a pod that others belong to', () => {
    const labels = { app: 'orders', 'pod-template-hash': 'abc' };
    expectSame([
      deployment('orders'),
      replicaSet('orders', 'abc', 3),
      ...['orders-abc-1', 'orders-abc-2', 'orders-abc-3'].map(name =>
        pod(name, ['ReplicaSet', 'orders-abc'], labels),
      ),
      pod('worker-1', ['Pod', 'orders-abc-3'], { app: 'worker' }),
    ]);
  });

  it('keeps a ReplicaSet without pods that run, by which others are known to belong to its Deployment', () => {
    expectSame([
      deployment('orders'),
      replicaSet('orders', 'old', 0),
      pod(
        'evicted',
        ['ReplicaSet', 'orders-old'],
        { app: 'orders' },
        { phase: 'Failed' },
      ),
    ]);
  });

  it('keeps a ReplicaSet without pods where it stands for a Deployment that is not there', () => {
    const spent = replicaSet('orders', 'old', 0);
    expectSame([spent]);
    expect(
      asRead([spent, deployment('orders')]).map(({ path }) => path),
    ).toEqual(['prod/deployments/shop.yaml']);
    expect(asRead([spent]).map(({ path }) => path)).toEqual([
      'prod/replicasets/shop.yaml',
    ]);
  });

  const app = fc.constantFrom('orders', 'web');
  const anyPod = fc
    .record({
      app,
      at: fc.integer({ min: 0, max: 12 }),
      owner: fc.constantFrom(
        'ReplicaSet',
        'StatefulSet',
        'Job',
        'Database',
        'Pod',
        undefined,
      ),
      hash: fc.constantFrom('abc', 'def'),
      track: fc.constantFrom('a', 'b', '1', undefined),
      proxy: fc.boolean(),
      account: fc.constantFrom('orders', 'web'),
      phase: fc.constantFrom('Running', 'Succeeded', 'Pending'),
    })
    .map(({ app: name, at, owner, hash, track, proxy, account, phase }) => {
      const parent = owner === 'ReplicaSet' ? `${name}-${hash}` : name;
      const own = owner === 'Pod' ? 'orders-database-0' : parent;
      const full = `${name}-${(owner ?? 'alone').toLowerCase()}-${at}`;
      return pod(
        full,
        owner && full !== own ? [owner, own] : undefined,
        {
          app: name,
          ...(track && { track }),
          ...(owner === 'ReplicaSet' && { 'pod-template-hash': hash }),
          ...(owner === 'StatefulSet' && {
            'statefulset.kubernetes.io/pod-name': full,
            'apps.kubernetes.io/pod-index': String(at),
          }),
          ...(owner === 'Job' && { 'job-name': name }),
        },
        { proxy, account, phase },
      );
    });
  const anyOwner = fc
    .record({
      app,
      kind: fc.constantFrom('Deployment', 'ReplicaSet', 'StatefulSet', 'Job'),
      hash: fc.constantFrom('abc', 'def'),
      replicas: fc.integer({ min: 0, max: 3 }),
      isOwned: fc.boolean(),
    })
    .map(({ app: name, kind, hash, replicas, isOwned }) => {
      if (kind === 'Deployment') return deployment(name, replicas);
      if (kind === 'ReplicaSet') return replicaSet(name, hash, replicas);
      return {
        kind,
        object: object(name, {
          metadata: isOwned ? ownedBy('Database', name) : {},
          spec: { replicas, template: template(name) },
        }),
      };
    });
  const dumps = fc.uniqueArray(
    fc.oneof({ weight: 4, arbitrary: anyPod }, anyOwner),
    {
      maxLength: 30,
      selector: ({ kind, object: { metadata } }) =>
        `${kind} ${(metadata as Json).name}`,
    },
  );

  it('changes nothing that the core says, whatever runs', () => {
    fc.assert(
      fc.property(dumps, dump => expectSame([...dump, POLICY])),
      { numRuns: 300, seed: 7 },
    );
  });

  it('is the same whether objects came in a list or one by one, and others went', () => {
    fc.assert(
      fc.property(dumps, dumps, (before, after) => {
        const stores = storesOf(before);
        const said: boolean[] = [];
        for (const { kind, store } of stores) {
          const ofKind = (dump: Dump) =>
            dump.flatMap(each =>
              each.kind === kind.kind ? [each.object] : [],
            );
          const nameOf = ({ metadata }: Json) => (metadata as Json).name;
          const names = new Set(ofKind(after).map(nameOf));
          const gone = ofKind(before).filter(each => !names.has(nameOf(each)));
          said.push(...gone.map(each => store.delete(each)));
          for (const each of ofKind(after)) store.set(each);
          // What it has already makes no difference.
          said.push(...ofKind(after).map(each => !store.set(each)));
        }
        expect(said).toEqual(said.map(() => true));
        expect(renderFiles('prod', stores).files).toEqual(asRead(after));
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});
