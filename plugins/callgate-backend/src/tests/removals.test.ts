import type {
  ApiImport,
  ImportResults,
} from '@callgate/plugin-callgate-common';
import {
  type ChangedShop,
  replaced,
  startChangedShop,
} from '../__testUtils__/changedShop';
import {
  BY_HAND,
  CRM_ESTATE,
  CUSTOMERS,
  CUSTOMERS_MANIFEST,
  CUSTOMERS_POLICY,
  shopByHand,
} from '../__testUtils__/shopByHand';
import { eventually } from '../__testUtils__/startShop';
import {
  approve,
  commitElsewhere,
  git,
  mergeShown,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(240_000);

const ONE = '/imports/default/customers';
const HAND = 'clusters/prod-eu/crm/callers.yaml';
const OTHER = `---
# of somebody else
apiVersion: v1
kind:   ConfigMap
metadata: { name: settings, namespace: crm }
`;

describe('deleting policies by hand once what is generated is in force', () => {
  let shop: ChangedShop;
  afterEach(() => shop?.stop());

  const one = async (): Promise<ApiImport> =>
    (await shop.as('petra').get(ONE)).body;
  const open = async (digest: string | undefined) =>
    (
      (await shop.as('petra').post('/imports', {
        apis: [{ api: CUSTOMERS, digest }],
      })) as { body: ImportResults }
    ).body.results[0];
  const proposalOf = async (id: string, person = 'pavel') =>
    (await shop.as(person).get(`/proposals/${id}`)).body;
  const merge = (id: string, person = 'pavel') =>
    mergeShown(shop, person, { id });
  const opened = async () => {
    const { proposal } = await open((await one()).removal?.digest);
    await shop.run('build-proposals');
    return proposal!;
  };

  /** The Customers API is imported, with policies by hand in the repository. */
  const start = async (
    files: Record<string, string> = {},
    hides?: (person: string, ref: string) => boolean,
  ) => {
    const written = Object.entries(files).map(
      ([file, text]) => [`repository/${file}`, () => text] as const,
    );
    shop = await startChangedShop(
      shopByHand({
        ...(hides && { hides }),
        ...(written.length > 0 && {
          files: {
            [CRM_ESTATE]: text => text,
            ...Object.fromEntries(written),
          },
        }),
      }),
    );
    const { proposal } = await open((await one()).digest);
    await shop.run('build-proposals');
    expect((await merge(proposal!)).status).toBe(200);
  };

  it('opens a pull request that takes them out of their files, and somebody else merges it', async () => {
    await start({ [HAND]: `${BY_HAND}${OTHER}` });
    const before = await shop.as('pavel').get('/apis/default/customers');
    const found = await one();
    expect(found).toMatchObject({
      state: 'declared',
      inForce: true,
      removal: { choose: { allowed: true } },
    });
    expect(found.policies).toEqual([
      {
        object: 'NetworkPolicy crm/crm-callers',
        cluster: 'prod-eu',
        file: HAND,
        line: 2,
        canGo: true,
        goes: true,
      },
    ]);
    expect(found.files).toMatchObject([
      { path: HAND, status: 'changed', after: OTHER },
    ]);

    const id = await opened();
    const proposal = await proposalOf(id);
    expect(proposal).toMatchObject({
      state: 'open',
      requests: [],
      merge: { allowed: true },
      title: expect.stringMatching(
        /^Policies by hand of .* go: nobody can call more or less$/,
      ),
      files: [{ path: HAND, status: 'changed', after: OTHER }],
    });
    expect(proposal.checks[0]).toMatchObject({
      name: 'Nobody can call more or less',
      outcome: 'passed',
    });
    expect(proposal.meaning).toMatchObject({ gained: [], lost: [], flips: [] });
    for (const text of [
      'NetworkPolicy crm/crm-callers',
      `${HAND}:2`,
      'receipt',
    ])
      expect(proposal.body).toContain(text);
    // An API has one pull request at a time.
    expect((await one()).removal?.choose).toEqual({
      allowed: false,
      reason: expect.stringMatching(/open pull request/),
    });
    expect(await open(found.removal?.digest)).toMatchObject({ opened: false });
    expect((await merge(id, 'petra')).status).toBe(403);

    const generated = git(shop, 'show', `main:${CUSTOMERS_MANIFEST}`);
    const merged = await merge(id);
    expect([merged.status, merged.body.state]).toEqual([200, 'merged']);
    expect(git(shop, 'show', `main:${HAND}`)).toBe(OTHER);
    expect(git(shop, 'show', `main:${CUSTOMERS_MANIFEST}`)).toBe(generated);
    expect(git(shop, 'show', `main:${CUSTOMERS_POLICY}`)).toContain(
      'care-desk',
    );
    const after = await shop.as('pavel').get('/apis/default/customers');
    const canCall = ({ body }: typeof after) =>
      body.callers
        .map(({ caller }: { caller: { ref: string } }) => caller.ref)
        .sort();
    expect(canCall(after)).toEqual(canCall(before));
    const done = await one();
    expect([done.policies, done.removal]).toEqual([[], undefined]);
  });

  it('is refused where it is not what was read, and where a request is approved', async () => {
    await start({ [HAND]: BY_HAND });
    const { removal, files } = await one();
    expect(files).toMatchObject([{ path: HAND, status: 'removed' }]);
    expect(await open('sha256:0')).toEqual({
      api: CUSTOMERS,
      opened: false,
      reason:
        'What would be deleted has changed since you read it. Read it again, then choose it.',
    });
    const sent = await send(shop, 'omar', {
      api: CUSTOMERS,
      caller: 'component:default/invoicing',
      operations: [{ tcp: { port: 8080 } }],
      in: ['prod-eu'],
      reason: 'An invoice needs an address',
    });
    await approve(shop, 'carmen', sent);
    expect(await open(removal?.digest)).toEqual({
      api: CUSTOMERS,
      opened: false,
      reason: expect.stringMatching(/approved request/),
    });
  });

  it('ends where what would go says something else by now', async () => {
    await start({ [HAND]: BY_HAND });
    const id = await opened();
    const { head } = await proposalOf(id);
    // Somebody lets the cart in by the same policy: to delete it would cut the cart.
    commitElsewhere(shop, {
      [HAND]: replaced('{ app: web }', '{ app: cart }'),
    });
    const merged = await shop
      .as('pavel')
      .post(`/proposals/${id}/merge`, { head });
    expect(merged.status).toBe(409);
    await eventually(
      async () => {
        await shop.run('build-proposals');
        return proposalOf(id);
      },
      ({ state }) => state === 'closed',
    );
    expect(git(shop, 'show', `main:${HAND}`)).toContain('cart');
    expect(git(shop, 'branch', '--list', 'callgate/*')).toBe('');
    expect((await one()).removal).toBeUndefined();
  });

  it('deletes nothing while somebody may be in the cluster who was not read', async () => {
    await start({ [HAND]: BY_HAND });
    expect((await one()).removal?.choose.allowed).toBe(true);
    commitElsewhere(shop, {
      'clusters/prod-eu/ops/left-out.yaml': () =>
        JSON.stringify({
          apiVersion: 'callgate.dev/v1alpha1',
          kind: 'NotRead',
          metadata: { name: 'deployments.apps', namespace: 'ops' },
          spec: { leftOut: [{ count: 1, reason: 'too-deep' }] },
        }),
    });
    const { policies, removal } = await eventually(
      one,
      ({ removal: found }) => found?.choose.allowed !== true,
    );
    expect(policies.map(({ canGo, goes }) => [canGo, goes])).toEqual([
      [true, undefined],
    ]);
    expect(removal).toMatchObject({
      choose: {
        allowed: false,
        reason: expect.stringMatching(
          /\(deployments\.apps of ops\).* Whoever owns the namespace makes its objects smaller/,
        ),
      },
    });
  });

  it('says how policies go that are in no file of the repository', async () => {
    await start();
    const { policies, removal, files } = await one();
    expect(policies).toMatchObject([
      {
        object: 'NetworkPolicy crm/crm-callers',
        canGo: true,
        instead: expect.stringMatching(
          /^No file of the policy repository has it\. Delete it where it is written, and in prod-eu .*: kubectl delete networkpolicies\.networking\.k8s\.io crm-callers --namespace crm\.$/,
        ),
      },
    ]);
    expect(policies[0].goes).toBeUndefined();
    expect([removal?.choose.allowed, removal?.digest, files]).toEqual([
      false,
      undefined,
      [],
    ]);
    expect(await open('sha256:0')).toMatchObject({
      opened: false,
      reason: expect.stringMatching(/^No policy of it can be deleted/),
    });
  });

  it.each([
    [
      'its kustomization changes what it lists',
      {
        [HAND]: BY_HAND,
        'clusters/prod-eu/crm/kustomization.yaml':
          'resources:\n- callers.yaml\nnameSuffix: -eu\n',
      },
      /^It stays, because of clusters\/prod-eu\/crm\/kustomization\.yaml: /,
    ],
    [
      'it is an item of a List',
      {
        [HAND]: `apiVersion: v1\nkind: List\nitems:\n${BY_HAND.replace(
          '---\n',
          '',
        )
          .split('\n')
          .filter(Boolean)
          .map((line, index) => `${index === 0 ? '- ' : '  '}${line}\n`)
          .join('')}`,
      },
      /^It stays in clusters\/prod-eu\/crm\/callers\.yaml:1: there it is an item of a List\./,
    ],
    [
      'it is below a chart',
      { [HAND]: BY_HAND, 'clusters/prod-eu/Chart.yaml': 'name: crm\n' },
      /that is a template, or stands in a chart/,
    ],
  ])('leaves a policy where %s, and says why', async (_, files, why) => {
    await start(files as unknown as Record<string, string>);
    const { policies, removal } = await one();
    expect(policies).toMatchObject([
      { canGo: true, instead: expect.stringMatching(why) },
    ]);
    expect(removal?.choose.allowed).toBe(false);
  });

  it('takes those out that it can, and leaves what nobody could review', async () => {
    await start({ [HAND]: BY_HAND });
    const odd = 'clusters/prod-eu/crm/\u202Esretsilp.yaml';
    commitElsewhere(shop, {
      [odd]: () => BY_HAND.replace('crm-callers', 'crm-callers-again'),
    });
    const { policies } = await eventually(
      one,
      ({ policies: all }) => all.length === 2,
    );
    expect(policies).toMatchObject([
      { object: 'NetworkPolicy crm/crm-callers', goes: true },
      {
        object: 'NetworkPolicy crm/crm-callers-again',
        canGo: true,
        instead: expect.stringMatching(/^The path of its file has characters/),
      },
    ]);
    const { files, body } = await proposalOf(await opened());
    expect(files.map(({ path }: { path: string }) => path)).toEqual([HAND]);
    // Nothing that turns the text round it about.
    expect(body).not.toContain('\u202E');
    expect(body).toContain('crm-callers-again');
  });

  it('shows nothing of what goes to whoever may not see every caller', async () => {
    await start(
      { [HAND]: BY_HAND },
      (person, ref) =>
        [person, ref].join(' ') ===
        'user:default/sam component:default/care-desk',
    );
    const id = await opened();
    expect(JSON.stringify(await proposalOf(id))).toMatch(/care-desk/);
    expect(JSON.stringify(await proposalOf(id, 'sam'))).not.toMatch(
      /care-desk|crm-callers/,
    );
  });

  it('takes a file that goes out of the list of its kustomization', async () => {
    const list = 'clusters/prod-eu/crm/kustomization.yaml';
    await start({
      [HAND]: BY_HAND,
      [list]: '# crm\nresources:\n- callers.yaml\n- callgate-customers.yaml\n',
    });
    const id = await opened();
    await merge(id);
    expect(git(shop, 'show', `main:${list}`)).toBe(
      '# crm\nresources:\n- callgate-customers.yaml\n',
    );
    expect(git(shop, 'ls-tree', '-r', '--name-only', 'main')).not.toContain(
      HAND,
    );
  });
});
