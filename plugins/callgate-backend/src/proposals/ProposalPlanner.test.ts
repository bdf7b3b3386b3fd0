import { TestDatabases } from '@backstage/backend-test-utils';
import fs from 'node:fs';
import { BRANCH, POLICY, ProposalBench } from './__testUtils__/ProposalBench';
import { smallCatalog } from './__testUtils__/smallCompany';
import type { ProposalDraft } from './types';

jest.setTimeout(60_000);

describe('a preview', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  const preview = async (over: Partial<ProposalDraft> = {}) =>
    bench.planner.preview(
      await bench.backend().snapshots.read(),
      bench.draft(over),
    );

  it('shows what would open, the files, and whom it would cut', async () => {
    const shown = await preview();
    expect(shown.sendable).toBe(true);
    expect(
      shown.meaning.gained.map(({ caller, operations }) => [
        caller,
        operations,
      ]),
    ).toEqual([['component:default/checkout', ['listOrders']]]);
    expect(
      shown.files.map(({ path, status, kind, deletions }) => [
        path,
        status,
        kind,
        deletions,
      ]),
    ).toEqual([
      [POLICY, 'added', 'declaration', 0],
      ['clusters/prod/shop/callgate-orders.yaml', 'added', 'other', 0],
    ]);
    expect(
      shown.meaning.flips.flatMap(({ cut }) =>
        cut.map(({ workload }) => workload),
      ),
    ).toContain('shop/Deployment/cart');
  });

  it('is no grant that somebody calls preview, however many', async () => {
    const grant = (id: string) =>
      [
        `    - id: ${id}`,
        '      caller: component:default/cart',
        '      operations: [{ id: getOrder }]',
        '',
      ].join('\n');
    await bench.pushToMain({
      [POLICY]: `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/orders-team
  api: api:default/orders
  mode: enforce
  grants:
${grant('preview')}${grant('preview-2')}`,
    });
    const shown = await preview();
    expect(shown.problem).toBeUndefined();
    expect(shown.meaning.gained).toContainEqual(
      expect.objectContaining({ caller: 'component:default/checkout' }),
    );
    expect(shown.files[0].after).toContain('id: preview-3');
  });

  it('stores nothing', async () => {
    await preview();
    expect(bench.git('for-each-ref', '--format=%(refname)').trim()).toBe(
      'refs/heads/main',
    );
  });

  it('has the digest that the proposal is compared with, whatever the reason says', async () => {
    const first = await preview({ reason: 'one' });
    const second = await preview({ reason: 'another' });
    expect(second.meaning.digest).toBe(first.meaning.digest);
    const [declaration] = second.files;
    expect(declaration.after).toContain('reason: another');
    expect(declaration.after).not.toContain('reason: one');
    expect(
      (await preview({ operations: [{ id: 'getOrder' }] })).meaning.digest,
    ).not.toBe(first.meaning.digest);
  });

  it.each<[string, Partial<ProposalDraft>, string]>([
    [
      'an operation that the API does not offer',
      { operations: [{ id: 'dropOrders' }] },
      'unknown-operation',
    ],
    [
      'a caller that the catalog does not have',
      { caller: 'component:default/nobody' },
      'caller-not-found',
    ],
    [
      'an API that the catalog does not have',
      { api: 'api:default/gone' },
      'api-not-found',
    ],
    ['a cluster that does not exist', { in: ['mars'] }, 'scope-unknown'],
    [
      'a path with a regular expression',
      {
        operations: [{ http: { methods: ['GET'], paths: ['/orders/[0-9]+'] } }],
      },
      'path-not-expressible',
    ],
    [
      'a template inside a segment',
      {
        operations: [
          { http: { methods: ['GET'], paths: ['/orders/{id}.pdf'] } },
        ],
      },
      'path-not-expressible',
    ],
  ])('of %s cannot be sent, and says why', async (_, over, code) => {
    const shown = await preview(over);
    expect(shown.sendable).toBe(false);
    expect(shown.findings.map(found => found.code)).toContain(code);
    expect(shown.problem).toBeTruthy();
    expect(shown.meaning.gained).toEqual([]);
  });

  it('of what the caller has already cannot be sent', async () => {
    await bench.approved();
    const { worker, reviews } = bench.backend();
    await worker.runOnce();
    const [open] = await bench.store.openProposals();
    await reviews.merge(open, {
      by: 'user:default/petra',
      head: open.head!,
    });
    expect(await preview()).toMatchObject({
      sendable: false,
      problem: 'The caller has all of this access already.',
    });
  });

  describe('with rules of the platform team in the repository', () => {
    const rules = (severity: string, names: string) => `
apiVersion: callgate.dev/v1alpha1
kind: Guardrails
spec:
  rules:
    - name: known-callers
      subject: edge
      severity: ${severity}
      message: Only known callers may call orders
      match: edge.api.name == 'orders'
      expression: edge.caller.name in ${names}
      examples:
        pass: [{ edge: { api: { name: orders }, caller: { name: cart } } }]
        fail: [{ edge: { api: { name: orders }, caller: { name: nobody } } }]
`;
    const pushed = async (text: string) => {
      await bench.repository();
      await bench.pushToMain({ 'guardrails.yaml': text });
      return preview();
    };

    it('cannot be sent when a rule refuses it, and says which', async () => {
      const shown = await pushed(rules('error', "['cart']"));
      expect(shown.sendable).toBe(false);
      expect(shown.problem).toContain(
        'known-callers: Only known callers may call orders: component:default/checkout calls api:default/orders',
      );
      expect(shown.files.map(({ path }) => path)).toEqual([POLICY]);
    });

    it('shows what a rule advises against, and can be sent', async () => {
      const shown = await pushed(rules('warning', "['cart']"));
      expect(shown.sendable).toBe(true);
      expect(shown.findings.map(({ code }) => code)).toContain(
        'guardrail-warning',
      );
    });

    it('says nothing where the rules hold', async () => {
      const shown = await pushed(rules('error', "['cart', 'checkout']"));
      expect(shown.sendable).toBe(true);
      expect(
        shown.findings.filter(({ code }) => code.startsWith('guardrail')),
      ).toEqual([]);
    });

    it('cannot be sent while the rules cannot be used, and says where they are wrong', async () => {
      const shown = await pushed(rules('error', "['cart'").trimStart());
      expect(shown.sendable).toBe(false);
      expect(shown.findings).toContainEqual(
        expect.objectContaining({
          code: 'guardrail-invalid',
          at: expect.objectContaining({ file: 'guardrails.yaml', line: 10 }),
        }),
      );
    });
  });

  it('offers to acknowledge the gap that keeps it from being enforced', async () => {
    bench.catalog = smallCatalog();
    await bench.repository();
    const profile = bench
      .git('show', 'main:profiles/prod.yaml')
      .replace('mode: sidecar', 'mode: none');
    await bench.pushToMain({ 'profiles/prod.yaml': profile });
    const file = `${bench.root}/estate/all.yaml`;
    fs.writeFileSync(
      file,
      fs
        .readFileSync(file, 'utf8')
        .replace('istio-injection: enabled', 'plain: "true"'),
    );
    const refused = await preview();
    expect(refused).toMatchObject({
      sendable: false,
      acknowledgeable: ['method-not-enforced'],
    });
    const accepted = await preview({ acknowledges: ['method-not-enforced'] });
    expect(accepted).toMatchObject({ sendable: true, acknowledgeable: [] });
    expect(accepted.meaning.gained[0].clusters[0].layers.method).toBe(
      'acknowledged-gap',
    );
  });

  it('does not answer for files of another API that were out of date before', async () => {
    await bench.repository();
    await bench.pushToMain({
      'policies/default/stock.yaml': [
        'apiVersion: callgate.dev/v1alpha1',
        'kind: AccessPolicy',
        'metadata: { name: stock }',
        'spec:',
        '  owner: group:default/orders-team',
        '  api: api:default/stock',
        '  mode: enforce',
        '  grants:',
        '    - { id: cart, caller: component:default/cart, operations: [{ id: getOrder }] }',
        '',
      ].join('\n'),
    });
    const shown = await preview();
    expect(shown.sendable).toBe(true);
    expect(shown.files.map(({ path }) => path)).not.toContainEqual(
      expect.stringContaining('stock'),
    );
  });

  it('names the hand-written object that would still refuse the call', async () => {
    await bench.repository();
    await bench.pushToMain({
      'clusters/prod/shop/deny.yaml':
        'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: no-reading, namespace: shop }\nspec:\n  action: DENY\n  rules: [{ to: [{ operation: { methods: [GET] } }] }]\n',
    });
    const shown = await preview();
    expect(shown.sendable).toBe(false);
    expect(shown.problem).toContain('no-reading');
  });

  it('cannot be sent where a hand-written object has more patterns than can be decided, and names it', async () => {
    // To know which of 24 literals it has seen an automaton needs 2^24 states; 100,000 are the budget.
    const paths = Array.from({ length: 24 }, (_, at) => {
      const segments = Array.from({ length: 24 }, (_each, i) =>
        i === at ? 'a' : '{*}',
      );
      return `/${segments.join('/')}/end-${at}`;
    });
    await bench.repository();
    await bench.pushToMain({
      'clusters/prod/shop/deny.yaml': `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: many, namespace: shop }\nspec:\n  action: DENY\n  rules: [{ to: [{ operation: { paths: ${JSON.stringify(
        paths,
      )} } }] }]\n`,
    });
    const shown = await preview();
    expect(shown.sendable).toBe(false);
    expect(shown.problem).toMatch(
      /only under a condition.*AuthorizationPolicy shop\/many has more patterns/,
    );
  });

  it('of a request whose draft has a scope writes it into the grant', async () => {
    const [declaration] = (await preview({ in: ['prod'] })).files;
    expect(declaration.after).toMatch(/in:\s*\n\s*- prod/);
  });

  it('comes to the same as the proposal', async () => {
    const shown = await preview();
    await bench.approved();
    await bench.backend().worker.runOnce();
    const manifest = shown.files.find(({ kind }) => kind !== 'declaration')!;
    const withoutGrantIds = (text: string) =>
      text.replace(/callgate\.dev\/grants: .*/g, '');
    expect(
      withoutGrantIds(bench.git('show', `${BRANCH}:${manifest.path}`)),
    ).toBe(`${withoutGrantIds(manifest.after!).trimEnd()}\n`);
  });
});
