import { TestDatabases } from '@backstage/backend-test-utils';
import { ORDERS, ProposalBench } from './__testUtils__/ProposalBench';

jest.setTimeout(60_000);

describe('the description of a proposal', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  async function described(reason = 'order status', note?: string) {
    const id = await bench.submitted({ reason });
    await bench.approve(id, 'user:default/omar', note);
    await bench.backend().worker.runOnce();
    const record = (await bench.store.currentProposal(ORDERS))!;
    return { ...record, id };
  }

  const sectionOf = (body: string, title: string) =>
    body.split('\n### ').find(text => text.startsWith(title)) ?? '';

  it('says what is opened for whom, and which layers enforce it', async () => {
    const { body } = await described();
    const opened = sectionOf(body, 'What is opened');
    expect(opened).toMatch(/\| `GET \/orders` \| prod \| All 3 layers \|/);
    expect(sectionOf(body, 'Details')).toContain(
      '| prod | `shop/Deployment/checkout` | `shop/Deployment/orders` | `TCP 8080` | enforced | enforced | enforced |',
    );
  });

  it('shows effective access before and after, and whom the flip cuts', async () => {
    const { body } = await described();
    const access = sectionOf(body, 'Details')
      .split('#### ')
      .find(text => text.startsWith('Effective access before and after'))!;
    // cart could reach everything on an open workload, and is not granted anything.
    const cart =
      access
        .split('\n')
        .find(line => line.includes('`shop/Deployment/cart`')) ?? '';
    expect(cart.trim().endsWith('| nothing |')).toBe(true);
    const checkout =
      access
        .split('\n')
        .find(line => line.includes('`shop/Deployment/checkout`')) ?? '';
    expect(checkout).toContain('GET /orders`');
    const cut = sectionOf(body, 'Who loses access');
    expect(cut).toMatch(/Orders becomes closed in prod with this/i);
    expect(cut).toMatch(/ {2}- cart, for example/i);
  });

  it('lists and counts those who lose access without whoever is let in', async () => {
    const cut = sectionOf((await described()).body, 'Who loses access');
    // Checkout could do more before; it is who was granted.
    expect(cut).not.toMatch(/checkout/i);
    const listed = cut.split('\n').filter(line => line.startsWith('  - '));
    const [, count] = /\*\*(\d+) callers? (?:is|are) cut/.exec(cut) ?? [];
    expect(Number(count)).toBe(listed.length);
  });

  it('says who asked, who approved, and why', async () => {
    const { body } = await described(
      'order status',
      'until the new page is live',
    );
    const asked = sectionOf(body, 'Who asked and who approved');
    expect(asked).toContain('asked by Priya, because: order status');
    expect(asked).toContain(
      'approved by user:default/omar on 2026-11-02: until the new page is live',
    );
  });

  it('carries the digest of what was approved', async () => {
    const { body, id } = await described();
    const approved = (await bench.requests.getRequest(id))!.shown.digest;
    expect(sectionOf(body, 'Details')).toContain(`\`${approved}\``);
  });

  it('says once that grants of GET leave out HEAD, and of which', async () => {
    await bench
      .submitted({ caller: 'component:default/cart' })
      .then(id => bench.approve(id, 'user:default/omar'));
    const { body } = await described();
    const [line, ...more] = sectionOf(body, 'Findings')
      .split('\n')
      .filter(each => each.includes('HEAD is not granted'));
    expect(line).toMatch(
      /HEAD is not granted with GET to cart, Checkout .*\. If one of them sends HEAD, /,
    );
    expect(more).toEqual([]);
  });

  it('is the same text for the same proposal', async () => {
    const first = await described();
    await bench.store.enqueue(ORDERS);
    await bench.backend().worker.runOnce();
    expect((await bench.store.currentProposal(ORDERS))!.body).toBe(first.body);
  });

  it('shows markup in reasons, notes and titles of entities as text', async () => {
    const attack = [
      '</td></table><script>alert(1)</script><img src=x onerror=alert(1)>',
      '# heading\n\n| a | b |\n| --- | --- |\n',
      '[click](javascript:alert(1)) ![p](https://evil.example/p.png) https://evil.example',
      '@everyone @org/security closes #1 `code` **bold** <!-- hidden -->',
    ].join('\n');
    const { body, title } = await described(attack, attack);
    const asked = sectionOf(body, 'Who asked and who approved');
    expect(asked).not.toMatch(/<script|<img|<\/td>|<!--/);
    expect(asked).not.toMatch(/(^|[^\\])\[click\]/);
    expect(asked).not.toMatch(/@everyone|@org|https:\/\/evil|#1/);
    expect(asked).not.toMatch(/^# heading|^\| a \|/m);
    // The title of the caller is `Checkout | <b>fast</b> @everyone`.
    expect(body).not.toContain('<b>');
    expect(body).toContain('Checkout \\| &lt;b&gt;fast');
    for (const line of body
      .split('\n')
      .filter(row => row.startsWith('|') && row.includes('Checkout'))) {
      // Three bars between four cells and one at each end, and none from the title.
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(5);
    }
    expect(title).not.toMatch(/@everyone|\n/);
    expect(title.length).toBeLessThanOrEqual(200);
  });

  it('stays within what a forge accepts, however much there is to say', async () => {
    const names = Array.from(
      { length: 60 },
      (_, index) => `caller-${index}-${'x'.repeat(30)}`,
    );
    const { catalog } = bench;
    const one = catalog.find(({ metadata }) => metadata.name === 'cart')!;
    bench.catalog = [
      ...catalog,
      ...names.map(name => ({
        ...one,
        metadata: { ...one.metadata, name, title: '<'.repeat(300) },
      })),
    ];
    for (const name of names.slice(0, 8)) {
      const id = await bench
        .submitted({
          caller: `component:default/${name}`,
          reason: '<'.repeat(4000),
        })
        .catch(() => undefined);
      if (id) await bench.approve(id);
    }
    const { body, requestIds } = await described(
      '>'.repeat(4000),
      '|'.repeat(4000),
    );
    expect(requestIds.length).toBeGreaterThan(1);
    expect(body.length).toBeLessThan(65_000);
  });
});
