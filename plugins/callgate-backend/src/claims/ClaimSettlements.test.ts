import { refParts, workloadParts } from '../access/refParts';
import { TestDatabases } from '@backstage/backend-test-utils';
import type {
  CommitStatus,
  Forge,
  ForgeRepository,
} from '@callgate/plugin-callgate-node';
import fs from 'node:fs';
import path from 'node:path';
import { ProposalBench } from '../proposals/__testUtils__/ProposalBench';
import {
  SMALL_PROFILE,
  smallCatalog,
} from '../proposals/__testUtils__/smallCompany';
import { ClaimSettlements } from './ClaimSettlements';
import type { ClaimTarget } from './ClaimTarget';

jest.setTimeout(60_000);

const PROFILE = 'profiles/prod.yaml';
const TARGET = { cluster: 'prod', workload: 'shop/Deployment/orders' };
const OWNER = 'group:default/orders-team';
const anybody = async () => {};

describe('ClaimSettlements', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    const owner = 'group:default/views-team';
    const views = smallCatalog()
      .filter(({ kind }) => kind === 'Component')
      .map(each => ({
        ...each,
        metadata: { ...each.metadata, name: `${each.metadata.name}-views` },
        spec: { ...each.spec, owner, providesApis: [] },
        relations: [{ type: 'ownedBy', targetRef: owner }],
      }));
    bench.catalog = [...smallCatalog(), ...views];
  });
  afterEach(() => bench.close());

  const merged = async (
    settlements: ClaimSettlements,
    target: ClaimTarget,
    head: string,
  ) => settlements.merge(target, { by: 'user:default/petra', head }, anybody);

  function start(forge?: Forge) {
    const { connection, snapshots } = bench.backend({
      ...(forge && { forge }),
    });
    const { logger } = bench;
    const settlements = new ClaimSettlements({ connection, snapshots, logger });
    const read = async (target = TARGET) =>
      settlements.read(await snapshots.read({ fresh: true }), target);
    return { settlements, read };
  }

  it('begins a profile for a cluster that has none', async () => {
    await bench.pushToMain({ [PROFILE]: undefined });
    const { settlements, read } = start();
    await settlements.prepare(TARGET, OWNER, anybody);
    expect(await read()).toMatchObject({
      owner: OWNER,
      isCurrent: true,
      files: [{ path: PROFILE, status: 'added' }],
    });
  });

  it.each([
    [
      'two files are its profile',
      { 'profiles/other.yaml': SMALL_PROFILE },
      /are both the platform profile of prod\. Make it one file first\./,
    ],
    [
      'a file that may be its profile cannot be read',
      { [PROFILE]: 'kind: [' },
      /\(profiles\/prod\.yaml:\d+\)\. .*mend it first\./,
    ],
  ])('says what to do where %s', async (_, files, sentence) => {
    await bench.pushToMain(files);
    await expect(
      start().settlements.prepare(TARGET, OWNER, anybody),
    ).rejects.toMatchObject({
      code: 'cannot-be-settled',
      message: expect.stringMatching(sentence),
    });
  });

  it.each<[string, (estate: string) => void, RegExp]>([
    [
      'a file of the estate cannot be read',
      estate => fs.writeFileSync(path.join(estate, 'more.yaml'), 'kind: ['),
      /more\.yaml:\d+\)\. The line may fit what is in there as well, so mend it first\./,
    ],
    [
      'the estate cannot be read, and is shown as it was',
      estate => fs.rmSync(estate, { recursive: true }),
      /^The cluster prod cannot be read completely: .* mend it first\.$/,
    ],
  ])('writes nothing while %s', async (_, damage, sentence) => {
    const { settlements, read } = start();
    await settlements.prepare(TARGET, OWNER, anybody);
    const { head } = (await read())!.pull;
    damage(path.join(bench.root, 'estate'));
    await bench.estate.refresh();
    await expect(
      settlements.prepare(TARGET, OWNER, anybody),
    ).rejects.toMatchObject({
      code: 'cannot-be-settled',
      message: expect.stringMatching(sentence),
    });
    await expect(
      settlements.merge(TARGET, { by: 'user:default/petra', head }, anybody),
    ).rejects.toMatchObject({ code: 'proposal-outdated' });
  });

  it('asks whoever decides with the owner that the pull request gives it to, and pushes nothing where they may not', async () => {
    const { settlements, read } = start();
    const refused = jest.fn().mockRejectedValue(new Error('not you'));
    await expect(
      settlements.prepare(TARGET, 'orders-team', refused),
    ).rejects.toThrow('not you');
    expect(refused).toHaveBeenCalledWith(expect.anything(), OWNER);
    expect(await read()).toBeUndefined();
    await settlements.prepare(TARGET, OWNER, anybody);
    const { head } = (await read())!.pull;
    await expect(
      settlements.merge(TARGET, { by: 'user:default/petra', head }, refused),
    ).rejects.toThrow('not you');
    expect((await read())?.pull.state).toBe('open');
  });

  it('settles two in one profile one after the other: the second is prepared anew', async () => {
    const { settlements, read } = start();
    const other = { cluster: 'prod', workload: 'shop/Deployment/stock' };
    for (const target of [TARGET, other])
      await settlements.prepare(target, OWNER, anybody);
    await merged(settlements, TARGET, (await read())!.pull.head);
    const stale = (await read(other))!;
    expect(stale.isCurrent).toBe(false);
    await expect(
      merged(settlements, other, stale.pull.head),
    ).rejects.toMatchObject({ code: 'proposal-outdated' });
    await settlements.prepare(other, OWNER, anybody);
    const { pull, isCurrent } = (await read(other))!;
    expect([pull.number, isCurrent]).toEqual([stale.pull.number, true]);
    await merged(settlements, other, pull.head);
    const owners = bench
      .git('show', `main:${PROFILE}`)
      .slice(SMALL_PROFILE.length);
    expect(owners.split('\n')).toEqual([
      '  owners:',
      `    - { namespaces: [shop], selector: { app: orders }, owner: '${OWNER}' }`,
      `    - { namespaces: [shop], selector: { app: stock }, owner: '${OWNER}' }`,
      '',
    ]);
  });

  it('leaves the merge to a hosted forge, where what it wrote has the status that branches need', async () => {
    const statuses: CommitStatus[] = [];
    const local = bench.forge();
    const hosted: Forge = {
      id: local.id,
      reviewsInPortal: false,
      connect: async target => {
        const repository = await local.connect(target);
        return new Proxy(repository, {
          get: (inner, name: keyof ForgeRepository) => {
            if (name === 'portalReviews') return undefined;
            if (name === 'setStatus')
              return async (_: string, status: CommitStatus) => {
                statuses.push(status);
              };
            const value: unknown = Reflect.get(inner, name);
            return typeof value === 'function' ? value.bind(inner) : value;
          },
        });
      },
    };
    const { settlements, read } = start(hosted);
    await settlements.prepare(TARGET, OWNER, anybody);
    const { pull } = (await read())!;
    expect(statuses).toMatchObject([
      { name: 'callgate/meaning', state: 'success' },
    ]);
    const { name, namespace } = workloadParts(TARGET.workload)!;
    const team = refParts(OWNER).name;
    expect(pull.title).toBe(
      `${name} in ${namespace}, prod, belongs to ${team}`,
    );
    // Ids and refs are for those who look for them, below what is to be decided.
    const [told, details] = pull.body.split('### Details');
    expect(told).not.toMatch(/Deployment|component:|group:/);
    expect(details).toContain(TARGET.workload);
    expect(details).toContain(OWNER);
    await expect(
      settlements.merge(
        TARGET,
        { by: 'user:default/petra', head: pull.head },
        anybody,
      ),
    ).rejects.toThrow(/merged on the forge/);
  });
});
