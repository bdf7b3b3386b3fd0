import { TestDatabases } from '@backstage/backend-test-utils';
import fs from 'node:fs';
import path from 'node:path';
import { smallEstate } from './__testUtils__/smallCompany';
import { ORDERS, POLICY, ProposalBench } from './__testUtils__/ProposalBench';
import { platformFindings, platformTroubles } from './platformTroubles';
import { waitsForClusters } from './unreadClusters';

jest.setTimeout(60_000);

const CART = 'component:default/cart';
const PROD = { in: ['prod'] };
const STAGE = { in: ['stage'] };
const BROKEN_PROFILE =
  'apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata: { name: stage }\nspec: { nonsense: true }\n';

describe('a cluster of which something cannot be read', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  let backend: ReturnType<ProposalBench['backend']>;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'), [
      'stage',
    ]);
    backend = bench.backend();
  });
  afterEach(() => bench.close());

  const file = () => path.join(bench.root, 'estate-stage/broken.yaml');
  const breakEstate = async () => {
    fs.writeFileSync(file(), 'kind: Deployment\nmetadata: [\n');
    await bench.estate.refresh();
  };
  const mendEstate = async () => {
    fs.rmSync(file());
    await bench.estate.refresh();
  };
  const read = () => backend.snapshots.read({ fresh: true });
  const preview = async (over = {}) =>
    bench.planner.preview(await read(), bench.draft(over));
  const work = async () => {
    bench.now += 3_600_000;
    await backend.worker.runOnce();
  };
  const merged = async (api = ORDERS) => {
    await work();
    const { number } = (await bench.store.currentProposal(api))!;
    await bench.mergedElsewhere(number!);
    await backend.worker.syncOnce();
  };
  const filesAt = async () => {
    const repository = await bench.repository();
    const tip = await repository.fetch('main');
    return repository.store.readFiles(tip!, ['clusters']);
  };

  it.each([
    ['an estate file', breakEstate],
    [
      'a profile',
      async () => {
        await bench.pushToMain({ 'profiles/stage.yaml': BROKEN_PROFILE });
      },
    ],
    [
      'a hand-written manifest',
      async () => {
        await bench.pushToMain({
          'clusters/stage/shop/hand.yaml': 'kind: [\n',
        });
      },
    ],
    [
      'a profile that is no text',
      () => bench.pushBytesToMain('profiles/stage.yaml'),
    ],
    [
      'a manifest that is no text',
      () => bench.pushBytesToMain('clusters/stage/shop/hand.yaml'),
    ],
    [
      'a manifest that is a link out of the repository',
      () =>
        bench.pushLinkToMain('clusters/stage/shop/hand.yaml', '/etc/hand.yaml'),
    ],
    [
      'an estate file that is a link out of the folder',
      async () => {
        fs.symlinkSync(bench.root, file());
        await bench.estate.refresh();
      },
    ],
    [
      'its folder',
      async () => {
        const folder = path.join(bench.root, 'estate-stage');
        fs.renameSync(folder, `${folder}-gone`);
        await bench.estate.refresh();
      },
    ],
  ])('waits alone for %s: others are asked for and built', async (_, harm) => {
    await read();
    await harm();
    const there = await preview(STAGE);
    expect(there.sendable).toBe(false);
    expect(there.findings[0]).toMatchObject({
      severity: 'error',
      message: expect.stringContaining('stage'),
      fix: expect.stringContaining(
        'nothing is proposed for what runs in stage',
      ),
    });
    expect(await preview({ in: ['stage-like'] })).toMatchObject({
      sendable: false,
    });
    expect(await preview({ in: ['prod', 'stage'] })).toMatchObject({
      sendable: false,
    });
    expect((await preview(PROD)).problem).toBeUndefined();
    const id = await bench.approved(PROD);
    await work();
    expect(await bench.stateOf(id)).toBe('proposed');
  });

  it('keeps its files byte by byte, and its grants, whatever is proposed for the others', async () => {
    const both = { in: ['prod', 'stage'], caller: 'component:default/cart' };
    await bench.approved(both);
    await bench.approved({ ...STAGE, operations: [{ id: 'getOrder' }] });
    await merged();
    const before = await filesAt();
    expect([...before.keys()].some(each => each.includes('/stage/'))).toBe(
      true,
    );
    await breakEstate();
    const id = await bench.approved(PROD);
    await work();
    const { files } = (await bench.store.currentProposal(ORDERS))!;
    expect(files.map(each => each.path)).toEqual(
      expect.arrayContaining([POLICY]),
    );
    expect(files.filter(each => each.path.includes('/stage/'))).toEqual([]);
    await merged();
    expect(await bench.stateOf(id)).toBe('merged');
    const after = await filesAt();
    const ofStage = (all: Map<string, string>) =>
      [...all].filter(([name]) => name.includes('/stage/'));
    expect(ofStage(after)).toEqual(ofStage(before));
    // Mended, nothing has to be repaired: neither grants nor files differ from what is declared.
    await mendEstate();
    const { compilation, findings, repository } = await read();
    expect(findings).toEqual([]);
    expect(compilation.held).toEqual([]);
    expect(compilation.plan.unconfirmed).toEqual([]);
    for (const each of compilation.files)
      expect(repository.get(each.path)).toBe(each.text);
  });

  it('is none where a link leads nowhere: that is a finding, and what is asked for goes on', async () => {
    await bench.pushLinkToMain('clusters/stage/shop/hand.yaml', 'gone.yaml');
    fs.symlinkSync('gone.yaml', file());
    await bench.estate.refresh();
    const snapshot = await read();
    const { unread, findings } = snapshot;
    expect(unread).toEqual([]);
    // Where the platform team reads what is to be corrected; nobody is told that something cannot be read.
    expect(platformFindings(snapshot)).toEqual(findings);
    expect(platformTroubles(snapshot)).toEqual([]);
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      [
        'link-broken',
        'clusters/stage/shop/hand.yaml is a link to gone.yaml, where nothing is',
      ],
      [
        'link-broken',
        'stage/broken.yaml is a link to gone.yaml, where nothing is',
      ],
    ]);
    expect((await preview(STAGE)).problem).toBeUndefined();
  });

  it('is read through links, as a checkout is', async () => {
    await bench.pushToMain({
      'shared/hand.txt': JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'hand', namespace: 'shop' },
        spec: { podSelector: {} },
      }),
    });
    await bench.pushLinkToMain(
      'clusters/stage/shop/hand.YAML',
      '../../../shared/hand.txt',
    );
    const { clusters } = await read();
    const stage = clusters.find(({ name }) => name === 'stage')!;
    expect(
      stage.objects.some(({ object }) => object.metadata.name === 'hand'),
    ).toBe(true);
  });

  it('is not known where a declaration or profile is a link that leads nowhere', async () => {
    await read();
    await bench.pushLinkToMain(POLICY, 'gone.yaml');
    expect((await preview(PROD)).sendable).toBe(false);
  });

  it('is none where an object is refused by the API server: no cluster has that, so it stops nobody', async () => {
    fs.writeFileSync(
      path.join(bench.root, 'estate-stage/refused.yaml'),
      JSON.stringify({
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'till', namespace: 'shop' },
        spec: { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
      }),
    );
    await bench.estate.refresh();
    const { findings, unread } = await read();
    expect(findings).toMatchObject([{ code: 'invalid-object' }]);
    expect(unread).toEqual([]);
    const id = await bench.approved(STAGE);
    await work();
    expect(await bench.stateOf(id)).toBe('proposed');
  });

  it('has what was approved for it wait, and says where the fault is and who mends it', async () => {
    const id = await bench.approved(STAGE);
    await breakEstate();
    await work();
    expect(await bench.stateOf(id)).toBe('approved');
    const record = (await bench.store.currentProposal(ORDERS))!;
    expect(record).toMatchObject({
      state: 'failed',
      problem: {
        code: 'estate-not-readable',
        text: expect.stringMatching(/stage\/broken\.yaml.*broken\.yaml:\d/),
      },
    });
    await mendEstate();
    await work();
    expect(await bench.stateOf(id)).toBe('proposed');
  });

  it('has its open pull request stay as it is, and not be merged', async () => {
    const id = await bench.approved(STAGE);
    await work();
    const record = (await bench.store.currentProposal(ORDERS))!;
    await breakEstate();
    await expect(
      backend.reviews.merge(record, {
        by: 'user:default/petra',
        head: record.head!,
      }),
    ).rejects.toMatchObject({
      code: 'proposal-blocked',
      problem: { code: 'estate-not-readable' },
    });
    expect((await bench.store.currentProposal(ORDERS))!.head).toBe(record.head);
    await mendEstate();
    await backend.reviews.merge(record, {
      by: 'user:default/petra',
      head: record.head!,
    });
    expect(await bench.stateOf(id)).toBe('merged');
  });

  it('that was never read, because its folder is not there, waits alone as well', async () => {
    fs.renameSync(
      path.join(bench.root, 'estate-stage'),
      path.join(bench.root, 'gone'),
    );
    bench.estate = bench.estateReader();
    backend = bench.backend();
    expect((await read()).unread).toMatchObject([{ cluster: 'stage' }]);
    expect((await preview(STAGE)).sendable).toBe(false);
    const id = await bench.approved(PROD);
    await work();
    expect(await bench.stateOf(id)).toBe('proposed');
  });

  it('is shown as it was read last, as stale, and never as fresh', async () => {
    await read();
    fs.writeFileSync(
      path.join(bench.root, 'estate-stage/all.yaml'),
      smallEstate(['orders']),
    );
    bench.now += 60_000;
    await breakEstate();
    const { source, clusters } = await read();
    const stage = clusters.find(({ name }) => name === 'stage')!;
    expect(stage.workloads.map(({ name }) => name)).toContain('checkout');
    expect(source).toMatchObject({
      stale: true,
      problem: expect.stringMatching(
        /^The cluster stage cannot be read completely.*stage\/broken\.yaml.*shown as it was at 2026-11-02T10:00:00/,
      ),
    });
    await mendEstate();
    const mended = await read();
    expect(mended.source.stale).toBe(false);
    expect(
      mended.clusters
        .find(({ name }) => name === 'stage')!
        .workloads.map(({ name }) => name),
    ).toEqual(['orders']);
  });

  it('that was never read completely opens nothing later that nobody was shown', async () => {
    // The stock runs in prod alone as far as is known; the file that cannot be read has it in stage as well.
    const all = path.join(bench.root, 'estate-stage/all.yaml');
    fs.writeFileSync(all, smallEstate(['orders']));
    const more = path.join(bench.root, 'estate-stage/more.yaml');
    const known = smallEstate(['stock', 'checkout']);
    fs.writeFileSync(more, known.replaceAll('kind: ', 'kind: ['));
    bench.estate = bench.estateReader();
    backend = bench.backend();
    const STOCK = 'api:default/stock';
    const id = await bench.approved({ api: STOCK });
    await merged(STOCK);
    expect(await bench.stateOf(id)).toBe('merged');
    fs.writeFileSync(more, known);
    await bench.estate.refresh();
    const { compilation } = await read();
    expect(
      compilation.plan.edges.filter(({ cluster }) => cluster === 'stage'),
    ).toEqual([]);
  });

  it('is every cluster without a profile of its own where nobody can say whose the profile is', async () => {
    await read();
    await bench.pushToMain({
      'profiles/stage.yaml': undefined,
      'profiles/x.yaml': '{{{',
    });
    expect((await read()).unread.map(({ cluster }) => cluster)).toEqual([
      'stage',
    ]);
  });

  it('is that cluster also where a profile under a new name that cannot be read names another one first', async () => {
    await read();
    await bench.pushToMain({
      'profiles/stage.yaml': undefined,
      'profiles/eu.yaml': `# once had the name: prod\n${BROKEN_PROFILE}`,
    });
    expect((await read()).unread.map(({ cluster }) => cluster)).toContain(
      'stage',
    );
  });

  it('has a profile that cannot be read stand as it was on pages, and in no proof', async () => {
    await bench.pushToMain({ 'profiles/stage.yaml': BROKEN_PROFILE });
    backend = bench.backend();
    const { clusters, sound, unread, source } = await read();
    const stage = clusters.find(({ name }) => name === 'stage')!;
    expect(stage.profile.environments).toEqual(['stage-like']);
    expect(source.problem).toContain(
      'It is shown by the last version of its profile that could be read.',
    );
    expect(source.problem).not.toContain('may lack something');
    expect(unread).toMatchObject([{ cluster: 'stage' }]);
    expect(sound.clusters.map(({ name }) => name)).toEqual(['prod']);
  });

  it('is waited for by what confirms an API that was approved for ends there, whatever is asked about', async () => {
    await bench.approved(PROD);
    await bench.approved({ ...STAGE, caller: 'component:default/cart' });
    await merged();
    const { policy } = (await read()).policies[0];
    const [checkout] = policy!.spec.grants;
    await breakEstate();
    const confirm = { grant: checkout.id, ends: [] };
    const waits = async (api: string) =>
      waitsForClusters(await read(), bench.draft({ ...PROD, api, confirm }));
    expect(await waits(ORDERS)).toMatchObject([{ cluster: 'stage' }]);
    expect(await waits('api:default/stock')).toEqual([]);
  });

  it('and an API whose declaration is no text keep what they have', async () => {
    await bench.approved(PROD);
    await merged();
    const before = await filesAt();
    await bench.pushBytesToMain(POLICY);
    const { problem } = await preview({ ...PROD, caller: CART });
    expect(problem).toBe(`${POLICY} is not UTF-8 text`);
    await bench.approved({ ...PROD, api: 'api:default/stock' });
    await merged('api:default/stock');
    const after = await filesAt();
    for (const name of before.keys())
      expect([name, after.get(name)]).toEqual([name, before.get(name)]);
  });

  it('has no grant of before pinned to the other clusters alone', async () => {
    await bench.pushToMain({
      [POLICY]: `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/orders-team
  api: ${ORDERS}
  mode: enforce
  grants:
    - id: by-hand
      caller: ${CART}
      in: [prod, stage]
      operations: [{ id: getOrder }]
`,
    });
    await breakEstate();
    await bench.approved(PROD);
    await merged();
    const { policy } = (await read()).policies[0];
    const [byHand, asked] = policy!.spec.grants;
    expect(byHand.ends).toBeUndefined();
    expect(byHand.in).toEqual(['prod', 'stage']);
    expect(asked.ends?.caller).toEqual(['prod:shop/sa/checkout']);
  });
});
