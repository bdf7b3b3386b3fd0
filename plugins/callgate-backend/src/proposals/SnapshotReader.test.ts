import { mockServices } from '@backstage/backend-test-utils';
import {
  forgeError,
  type EstateFile,
  type Forge,
  type ForgeRepository,
} from '@callgate/plugin-callgate-node';
import { isGenerated } from '@callgate/policy';
import { LocalForge } from '@callgate/plugin-callgate-backend-module-local';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EstateReader } from '../estate/EstateReader';
import { ManifestsEstateSource } from '../estate/ManifestsEstateSource';
import { RepositoryConnection } from '../git/RepositoryConnection';
import {
  SMALL_PROFILE,
  smallCatalog,
  smallEstate,
} from './__testUtils__/smallCompany';
import { SnapshotReader } from './SnapshotReader';

let unforeseen = false;
const config = {
  forge: 'local',
  url: '',
  branch: 'main',
  policiesFolder: 'policies',
  manifestsFolder: 'clusters',
  profilesFolder: 'profiles',
  /** Stands for a reader that meets what nobody foresaw. */
  get guardrailsFile() {
    if (unforeseen) throw new TypeError('secret: at readSomething');
    return 'guardrails.yaml';
  },
  approvalsFile: 'approvals.yaml',
  reviewers: [],
};

describe('SnapshotReader', () => {
  let root: string;
  let now: number;
  let down: boolean;
  let catalog: ReturnType<typeof smallCatalog> | Error;
  let estate: EstateReader;
  let reader: SnapshotReader;
  let repository: ForgeRepository;
  /** What the cluster itself says it has. */
  let live: EstateFile[];

  beforeEach(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-snapshot-'));
    fs.mkdirSync(path.join(root, 'seed/profiles'), { recursive: true });
    fs.mkdirSync(path.join(root, 'estate'));
    fs.writeFileSync(path.join(root, 'seed/profiles/prod.yaml'), SMALL_PROFILE);
    fs.writeFileSync(path.join(root, 'estate/all.yaml'), smallEstate());
    now = Date.parse('2026-11-02T10:00:00Z');
    down = false;
    live = [];
    unforeseen = false;
    catalog = smallCatalog();
    const logger = mockServices.logger.mock();
    const local = new LocalForge({
      directory: path.join(root, 'data'),
      seed: path.join(root, 'seed'),
      now: () => now,
    });
    repository = await local.connect({ url: '', branch: 'main' });
    const forge: Forge = {
      id: 'local',
      reviewsInPortal: true,
      connect: async () =>
        new Proxy(repository, {
          get: (target, property) =>
            property === 'fetch'
              ? async (branch: string) => {
                  if (down)
                    throw forgeError(
                      'repository-unreachable',
                      'The forge does not answer.',
                    );
                  return target.fetch(branch);
                }
              : Reflect.get(target, property, target),
        }),
    };
    estate = new EstateReader({
      sources: [
        new ManifestsEstateSource({
          locations: [{ cluster: 'prod', path: path.join(root, 'estate') }],
        }),
        {
          id: 'live',
          read: async () => ({
            clusters: live.length > 0 ? [{ name: 'prod', files: live }] : [],
            problems: [],
          }),
        },
      ],
      logger,
      now: () => now,
    });
    reader = new SnapshotReader({
      connection: RepositoryConnection.create({ forges: [forge], config }),
      estate,
      catalog: {
        entities: async () => {
          if (catalog instanceof Error) throw catalog;
          return catalog;
        },
      },
      logger,
      now: () => now,
      maxAgeMs: 1000,
    });
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  async function push(files: Record<string, string>): Promise<string> {
    const tip = await repository.fetch('main');
    const commit = await repository.store.commit({
      parents: [tip!],
      changes: new Map(Object.entries(files)),
      message: 'Change',
      timestamp: Math.floor(now / 1000),
    });
    await repository.push('main', commit, tip);
    return commit;
  }

  it('takes a policy of the repository that a live cluster has too for one, and judges what is written', async () => {
    const policy = (spec: object) =>
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'by-hand', namespace: 'shop' },
        spec,
      });
    const written = { podSelector: {}, ingress: [] };
    const filledIn = { ...written, policyTypes: ['Ingress'] };
    await push({ 'clusters/prod/by-hand.yaml': policy(written) });
    const only = policy(filledIn).replace('by-hand', 'live-only');
    live = [
      {
        path: 'prod/networkpolicies/shop.yaml',
        text: `{"apiVersion":"v1","kind":"List","items":[${policy(
          filledIn,
        )},${only}]}`,
      },
    ];
    const judged = async () => {
      await estate.refresh();
      now += 2000;
      const { clusters, findings, source } = await reader.read();
      return {
        observed: source.observed,
        specs: clusters[0].objects
          .filter(({ object }) => object.kind === 'NetworkPolicy')
          .map(({ object }) => [object.metadata.name, object.spec])
          .sort(),
        given: findings.filter(({ code }) => code === 'duplicate-object'),
      };
    };
    // Of two folders it is worth a word.
    const folders = await judged();
    expect(folders.given).toHaveLength(1);
    expect(folders.observed).toBeUndefined();
    live = live.map(file => ({ ...file, observed: true }));
    expect(await judged()).toEqual({
      observed: ['prod'],
      specs: [
        ['by-hand', written],
        ['live-only', filledIn],
      ],
      given: [],
    });
  });

  it('judges what a live cluster has under the label of Callgate, and the repository has not, as written by others', async () => {
    const labels = { 'app.kubernetes.io/managed-by': 'callgate', of: 'ours' };
    live = [
      {
        path: 'prod/networkpolicies/shop.yaml',
        text: JSON.stringify({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'open-all', namespace: 'shop', labels },
          spec: { podSelector: {}, ingress: [{}] },
        }),
        observed: true,
      },
    ];
    await estate.refresh();
    now += 2000;
    const { clusters } = await reader.read();
    const found = clusters[0].objects.find(
      ({ object }) => object.metadata.name === 'open-all',
    );
    expect(found?.object.metadata.labels).toEqual({ of: 'ours' });
    expect(found?.object.spec).toEqual({ podSelector: {}, ingress: [{}] });
  });

  it('takes what is generated and a live cluster has by now for one, and ours', async () => {
    const generated = (kind: string, apiVersion: string, spec: object) =>
      JSON.stringify({
        apiVersion,
        kind,
        metadata: {
          name: 'callgate-orders',
          namespace: 'shop',
          labels: { 'app.kubernetes.io/managed-by': 'callgate' },
          annotations: { 'callgate.dev/api': 'api:default/orders' },
        },
        spec,
      });
    const authorization = generated(
      'AuthorizationPolicy',
      'security.istio.io/v1',
      { action: 'ALLOW', rules: [{}] },
    );
    const network = (more: object) =>
      generated('NetworkPolicy', 'networking.k8s.io/v1', {
        podSelector: {},
        ingress: [{ ports: [{ port: 80, ...more }] }],
      });
    await push({
      'clusters/prod/shop/callgate-orders.yaml': `${authorization}\n---\n${network(
        {},
      )}\n`,
    });
    live = [
      {
        path: 'prod/policies/shop.yaml',
        text: `{"apiVersion":"v1","kind":"List","items":[${authorization},${network(
          { protocol: 'TCP' },
        )}]}`,
        observed: true,
      },
    ];
    await estate.refresh();
    now += 2000;
    const { clusters, effectiveClusters, missingInClusters } =
      await reader.read();
    const policiesOf = ([{ objects }]: typeof clusters) =>
      objects
        .filter(({ object }) => object.kind.endsWith('Policy'))
        .map(({ at, object }) => [at.file, object.kind, isGenerated(object)]);
    expect(policiesOf(clusters)).toEqual([]);
    // As it is written: of an AuthorizationPolicy twice, and of two PeerAuthentications, another world would come.
    const file = 'clusters/prod/shop/callgate-orders.yaml';
    expect(policiesOf(effectiveClusters)).toEqual([
      [file, 'AuthorizationPolicy', true],
      [file, 'NetworkPolicy', true],
    ]);
    expect([...missingInClusters]).toEqual([]);
  });

  it('is of a commit, and says which and when', async () => {
    const { source, clusters, profiles } = await reader.read();
    expect(source).toEqual({
      commit: await repository.fetch('main'),
      branch: 'main',
      committedAt: '2026-11-02T10:00:00.000Z',
      readAt: '2026-11-02T10:00:00.000Z',
      estateReadAt: '2026-11-02T10:00:00.000Z',
      stale: false,
    });
    expect(clusters.map(({ name }) => name)).toEqual(['prod']);
    expect(profiles.map(({ name }) => name)).toEqual(['prod']);
  });

  it('is the same object while nothing changes, with the time of the last reading', async () => {
    const first = await reader.read();
    now += 60_000;
    const second = await reader.read();
    expect(second).toBe(first);
    expect(second.source.readAt).toBe('2026-11-02T10:01:00.000Z');
  });

  it.each([
    ['the repository', async () => void (await push({ 'README.md': 'x' }))],
    ['the catalog', async () => void (catalog = smallCatalog().slice(1))],
    [
      'the estate',
      async () => {
        fs.writeFileSync(
          path.join(root, 'estate/all.yaml'),
          smallEstate(['orders']),
        );
        await estate.refresh();
      },
    ],
  ])('is a new one when %s changes', async (_, change) => {
    const first = await reader.read();
    await change();
    now += 60_000;
    expect((await reader.read()).key).not.toBe(first.key);
  });

  it('does not depend on the order in which the catalog lists entities', async () => {
    const first = await reader.read();
    catalog = smallCatalog().reverse();
    now += 60_000;
    expect(await reader.read()).toBe(first);
  });

  it('is read once by many at the same time', async () => {
    const all = await Promise.all([
      reader.read(),
      reader.read(),
      reader.read(),
    ]);
    expect(new Set(all).size).toBe(1);
  });

  it('sees what was pushed a moment ago when it has to be fresh', async () => {
    await reader.read();
    const commit = await push({ 'README.md': 'x' });
    expect((await reader.read()).source.commit).not.toBe(commit);
    expect((await reader.read({ fresh: true })).source.commit).toBe(commit);
  });

  it('is shown as stale, with the reason, while the repository does not answer', async () => {
    await reader.read();
    down = true;
    now += 60_000;
    const { source } = await reader.read();
    expect(source).toMatchObject({
      stale: true,
      readAt: '2026-11-02T10:00:00.000Z',
      problem:
        'The policy repository cannot be read: The forge does not answer.',
    });
    down = false;
    now += 60_000;
    expect((await reader.read()).source).toMatchObject({
      stale: false,
      readAt: '2026-11-02T10:02:00.000Z',
    });
  });

  it('is never made up: an error where nothing was read yet, and where it has to be fresh', async () => {
    down = true;
    await expect(reader.read()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      code: 'repository-unreachable',
    });
    down = false;
    await reader.read();
    down = true;
    await expect(reader.read({ fresh: true })).rejects.toMatchObject({
      code: 'repository-unreachable',
    });
  });

  it('keeps the catalog that it knew while the catalog does not answer', async () => {
    const first = await reader.read();
    catalog = new Error('down');
    now += 60_000;
    const second = await reader.read();
    expect(second.catalog).toBe(first.catalog);
    expect(second.source).toMatchObject({
      stale: true,
      problem: 'The catalog cannot be read.',
    });
  });

  it('is the last good one, shown as stale and of its own moment, when what was read cannot be worked out', async () => {
    const first = await reader.read();
    const { source: before } = first;
    await push({ 'README.md': 'x' });
    unforeseen = true;
    now += 60_000;
    for (const later of [0, 500, 60_000]) {
      now += later;
      const snapshot = await reader.read();
      expect(snapshot).toBe(first);
      expect(snapshot.source).toEqual({
        ...before,
        stale: true,
        problem: expect.stringMatching(/^What changed since/),
      });
      expect(snapshot.source.problem).not.toContain('secret');
    }
    unforeseen = false;
    now += 60_000;
    const mended = await reader.read();
    expect(mended.source).toMatchObject({
      stale: false,
      commit: await repository.fetch('main'),
      readAt: new Date(now).toISOString(),
    });
    expect(mended.source).not.toHaveProperty('problem');
  });

  it('is an error that says so where it has to be fresh, or nothing is older, and it cannot be worked out', async () => {
    unforeseen = true;
    const refused = {
      name: 'ServiceUnavailableError',
      code: 'snapshot-not-made',
      message: expect.not.stringContaining('secret'),
    };
    await expect(reader.read()).rejects.toMatchObject(refused);
    unforeseen = false;
    await reader.read();
    await push({ 'README.md': 'x' });
    unforeseen = true;
    await expect(reader.read({ fresh: true })).rejects.toMatchObject(refused);
    expect((await reader.read()).source.stale).toBe(true);
  });

  it('has the findings of profiles and of the estate with file and line', async () => {
    await push({ 'profiles/prod.yaml': `${SMALL_PROFILE}  nonsense: true\n` });
    fs.writeFileSync(path.join(root, 'estate/broken.yaml'), 'kind: [\n');
    await estate.refresh();
    const { findings } = await reader.read({ fresh: true });
    expect(findings.map(({ code, at }) => [code, at?.file])).toEqual(
      expect.arrayContaining([
        ['profile-invalid', 'profiles/prod.yaml'],
        ['estate-not-readable', 'prod/broken.yaml'],
      ]),
    );
  });

  it('tells hand-written from generated objects by their label and not by their folder', async () => {
    const object = (name: string, labels: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: shop\n${labels}spec:\n  podSelector: {}\n`;
    await push({
      'clusters/prod/shop/hand.yaml': object('hand', ''),
      'clusters/prod/shop/callgate-orders.yaml': object(
        'ours',
        '  labels: { app.kubernetes.io/managed-by: callgate }\n',
      ),
    });
    const snapshot = await reader.read({ fresh: true });
    const policies = (clusters: typeof snapshot.clusters) =>
      clusters[0].objects
        .filter(({ object: { kind } }) => kind === 'NetworkPolicy')
        .map(({ object: { metadata } }) => metadata.name);
    expect(policies(snapshot.clusters)).toEqual(['hand']);
    expect(policies(snapshot.effectiveClusters).sort()).toEqual([
      'hand',
      'ours',
    ]);
  });
});
