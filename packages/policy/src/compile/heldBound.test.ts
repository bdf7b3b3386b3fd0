import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { OPENS_KEY } from '../emit';
import type { Cluster } from '../estate/types';
import { meaning } from '../meaning/meaning';
import { clustersOf } from '../meaning/worldOf';
import type { CatalogEntity } from '../model/types';
import { prove } from '../proof/prove';
import { describeRequests } from '../verify/describeRequests';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import type { Compilation } from './types';

const API = 'api:default/orders';
const GET_ONE = 'TCP 8080: GET /orders/{*}';
const LIST = 'TCP 8080: GET /orders';

/** An AccessPolicy with grants of any id: `id caller: operation, operation`. */
function policy(...grants: string[]): string {
  const ids = grants.map(each => each.split(' ')[0]);
  return policyText(
    'orders',
    grants.map(each => each.slice(each.indexOf(' ') + 1)),
  ).replace(/^( {4}- id: ).*$/gm, (_, start) => `${start}${ids.shift()}`);
}

function access(
  compilation: Compilation,
  from: string,
  to = 'orders',
  estate: Cluster = shopCluster(),
) {
  const [cluster] = clustersOf({ compilation, clusters: [estate] });
  return describeRequests(
    EffectiveAccessIndex.of(cluster).pair(
      `shop/Deployment/${from}`,
      `shop/Deployment/${to}`,
    ).possible,
  );
}

/** What the repository has after the first declaration, and then after each next one. */
function after(first: string, ...next: string[]): Compilation {
  return next.reduce(
    (last, text) => compileShop([text], shopCluster(), [...last.files]),
    compileShop([first]),
  );
}

const changed = (
  name: string,
  change: (entity: CatalogEntity) => CatalogEntity,
): CatalogEntity[] =>
  shopCatalog().map(entity =>
    entity.metadata.name === name ? change(entity) : entity,
  );

const withAnnotations =
  (annotations: Record<string, string>) =>
  (entity: CatalogEntity): CatalogEntity => ({
    ...entity,
    metadata: { ...entity.metadata, annotations },
  });

const BOTH = policy(
  'a checkout: listOrders',
  'x checkout: getOrder, createOrder',
  'b cart: getOrder',
);

describe('what stays of a held grant beside others of the same caller', () => {
  it('is not what one opened that has ended', () => {
    const ended = after(
      BOTH,
      policy('a checkout: listOrders, dropOrders', 'b cart: getOrder'),
    );
    expect(access(ended, 'checkout')).toBe(LIST);
    expect(access(ended, 'cart')).toBe(GET_ONE);
  });

  it('is not what one opened that has been cut down', () => {
    const cutDown = after(
      BOTH,
      policy(
        'a checkout: listOrders, dropOrders',
        'x checkout: getOrder',
        'b cart: getOrder',
      ),
    );
    expect(access(cutDown, 'checkout')).toBe(
      'TCP 8080: GET /orders /orders/{*}',
    );
  });

  it('is what it had itself, whatever of it cannot be resolved any more', () => {
    const catalog = changed('orders', entity =>
      JSON.parse(JSON.stringify(entity).replace('listOrders', 'allOrders')),
    );
    const before = compileShop([BOTH]);
    const vanished = compileShop(
      [policy('a checkout: listOrders', 'b cart: getOrder')],
      shopCluster(),
      [...before.files],
      catalog,
    );
    expect(vanished.held.map(({ grantId }) => grantId)).toEqual(['a']);
    expect(access(vanished, 'checkout')).toBe(LIST);
  });

  it('is what each of them had where the definition cannot be read, and nothing of one that has ended', () => {
    const catalog = changed('orders', entity =>
      entity.kind === 'API'
        ? { ...entity, spec: { ...entity.spec, definition: '{' } }
        : entity,
    );
    const before = compileShop([BOTH]);
    const broken = (text: string, files: Compilation['files']) =>
      compileShop([text], shopCluster(), [...files], catalog);
    const held = broken(BOTH, before.files);
    expect(held.failedApis).toEqual([]);
    for (const caller of ['checkout', 'cart', 'stock'])
      expect(access(held, caller)).toBe(access(before, caller));
    const rest = policy('a checkout: listOrders', 'b cart: getOrder');
    for (const files of [before.files, held.files]) {
      const ended = broken(rest, files);
      expect(access(ended, 'checkout')).toBe(LIST);
      expect(access(ended, 'cart')).toBe(GET_ONE);
      expect(broken(rest, ended.files).files).toEqual(ended.files);
    }
  });

  it('is bounded by what it declares where all of that can be resolved, whatever it is held for', () => {
    const gone = shopCatalog().filter(
      ({ metadata }) => metadata.name !== 'checkout',
    );
    const pinned = (text: string) =>
      text.replace(
        /( {4}- id: [ax]\n)/g,
        `$1      ends: { caller: ['prod:shop/sa/checkout'], provider: ['prod:shop/sa/orders'] }\n`,
      );
    const before = compileShop([
      pinned(
        policy(
          'a checkout: listOrders, createOrder',
          'x checkout: getOrder',
          'b cart: getOrder',
        ),
      ),
    ]);
    expect(access(before, 'checkout')).toContain('POST');
    const held = compileShop(
      [pinned(policy('a checkout: listOrders', 'b cart: getOrder'))],
      shopCluster(),
      [...before.files],
      gone,
    );
    expect(held.held).toMatchObject([
      { grantId: 'a', findings: [{ code: 'caller-not-found' }] },
    ]);
    expect(access(held, 'checkout')).toBe(LIST);
  });

  it('is no port that another grant opened in the kernel', () => {
    const estate = shopCluster(`apiVersion: v1
kind: Service
metadata: { name: orders-wire, namespace: shop }
spec:
  selector: { app: orders }
  ports: [{ name: tcp-wire, port: 9090, targetPort: 9090 }]
`);
    const catalog = shopCatalog().map(entity =>
      entity.kind === 'API' && entity.metadata.name === 'orders'
        ? withAnnotations({ 'callgate.dev/port': 'http' })(entity)
        : entity,
    );
    const wire = (text: string) =>
      text.replace('- id: wire', '- tcp: { port: 9090 }');
    const before = compileShop(
      [wire(policy('a checkout: listOrders', 'x checkout: wire'))],
      estate,
      [],
      catalog,
    );
    expect(before.files[0].text.match(/9090/g)).toHaveLength(4);
    const ended = compileShop(
      [policy('a checkout: listOrders, dropOrders')],
      estate,
      [...before.files],
      catalog,
    );
    expect(ended.files[0].text).toContain('.held');
    expect(ended.files.map(({ text }) => text).join()).not.toContain('9090');
  });

  it('is nothing in a cluster that it does not name any more', () => {
    const named = (text: string, clusters: string) =>
      text.replace('- id: a\n', `- id: a\n      in: [${clusters}]\n`);
    const staging = shopCluster('', 'staging');
    const compileBoth = (text: string, files: Compilation['files']) =>
      compileShop([text], shopCluster(), [...files], shopCatalog(), [staging]);
    const sound = policy('a checkout: listOrders', 'b cart: getOrder').replace(
      '- id: b\n',
      '- id: b\n      in: [prod, staging]\n',
    );
    const before = compileBoth(named(sound, 'prod, staging'), []);
    expect(before.held).toEqual([]);
    expect(access(before, 'checkout')).toBe(LIST);
    const narrowed = compileBoth(
      named(
        sound.replace('listOrders', 'listOrders\n        - id: no'),
        'staging',
      ),
      before.files,
    );
    expect(narrowed.held).toMatchObject([
      {
        grantId: 'a',
        callers: [{ cluster: 'prod', ended: true }, { cluster: 'staging' }],
      },
    ]);
    const told = meaning({
      before: {
        compilation: narrowed,
        clusters: [shopCluster(), staging],
        files: before.files,
      },
      after: { compilation: narrowed, clusters: [shopCluster(), staging] },
      api: API,
      catalog: shopCatalog(),
    });
    expect(told.lost).toMatchObject([
      {
        caller: 'component:default/checkout',
        operations: ['GET /orders'],
        clusters: [{ cluster: 'prod' }],
      },
    ]);
    const unknown = compileBoth(
      named(
        sound.replace('listOrders', 'listOrders\n        - id: no'),
        'no-such-cluster',
      ),
      before.files,
    );
    expect(
      access(
        {
          ...unknown,
          files: unknown.files.filter(({ cluster }) => cluster === 'prod'),
        },
        'checkout',
      ),
    ).toBe(LIST);
    const here = {
      ...narrowed,
      files: narrowed.files.filter(({ cluster }) => cluster === 'prod'),
    };
    expect(access(here, 'checkout')).toBe('');
    expect(access(here, 'cart')).toBe(GET_ONE);
    expect(
      narrowed.files.find(({ cluster }) => cluster === 'staging')?.text,
    ).toContain('sa/checkout');
  });

  it('is nothing of another caller where its own is bound to the pods of that one', () => {
    const moved = changed(
      'checkout',
      withAnnotations({ 'backstage.io/kubernetes-id': 'cart' }),
    );
    const before = compileShop([
      policy('a checkout: listOrders', 'x cart: createOrder, getOrder'),
    ]);
    const rebound = compileShop(
      [policy('a checkout: listOrders, dropOrders')],
      shopCluster(),
      [...before.files],
      moved,
    );
    expect(rebound.held).toMatchObject([
      { grantId: 'a', callers: [{ workload: 'shop/Deployment/cart' }] },
    ]);
    expect(access(rebound, 'cart')).toBe('');
  });

  it('lets a closed caller out to nothing more either', () => {
    const closed = changed(
      'checkout',
      withAnnotations({
        'backstage.io/kubernetes-id': 'checkout',
        'callgate.dev/egress': 'enforce',
      }),
    );
    const estate = shopCluster(`apiVersion: v1
kind: Service
metadata: { name: orders-wire, namespace: shop }
spec:
  selector: { app: orders }
  ports: [{ name: tcp-wire, port: 9090, targetPort: 9090 }]
`);
    const catalog = closed.map(entity =>
      entity.kind === 'API' && entity.metadata.name === 'orders'
        ? withAnnotations({ 'callgate.dev/port': 'http' })(entity)
        : entity,
    );
    const before = compileShop(
      [
        policy('a checkout: listOrders', 'x checkout: wire').replace(
          '- id: wire',
          '- tcp: { port: 9090 }',
        ),
      ],
      estate,
      [],
      catalog,
    );
    const ended = compileShop(
      [policy('a checkout: dropOrders')],
      estate,
      [...before.files],
      catalog,
    );
    const egress = ended.kept.filter(({ object }) =>
      object.metadata.name.includes('egress'),
    );
    expect(egress).toHaveLength(1);
    expect(JSON.stringify(egress)).toContain('8080');
    expect(JSON.stringify(egress)).not.toContain('9090');
  });

  it('leaves a workload closed where nothing of it stays, and when the others end', () => {
    const none = after(
      policy('a checkout: listOrders', 'x checkout: getOrder'),
      policy('a checkout: createOrder'),
      policy('a checkout: createOrder, dropOrders').replace(
        '- id: createOrder\n        ',
        '',
      ),
    );
    expect(none.held.map(({ grantId }) => grantId)).toEqual(['a']);
    const text = policy('a checkout: dropOrders');
    const bare = {
      ...none,
      files: none.files.map(file => ({
        ...file,
        text: file.text.replace(/callgate.dev\/grants: .*\n/g, ''),
      })),
    };
    for (const { files } of [none, bare]) {
      const once = compileShop([text], shopCluster(), [...files]);
      const twice = compileShop([text], shopCluster(), [...once.files]);
      expect(twice.files).toEqual(once.files);
      expect(access(twice, 'cart')).toBe('');
      expect(access(twice, 'stock')).toBe('');
    }
  });

  it('stays the same in the same bytes when it is compiled again', () => {
    const text = policy(
      'a checkout: listOrders, dropOrders',
      'c checkout: createOrder, dropOrders',
      'b cart: getOrder',
    );
    const once = after(
      policy(
        'a checkout: listOrders',
        'c checkout: createOrder',
        'x checkout: getOrder',
        'b cart: getOrder',
      ),
      text,
    );
    expect(access(once, 'checkout')).toBe('TCP 8080: GET,POST /orders');
    const twice = compileShop([text], shopCluster(), [...once.files]);
    expect(twice.files).toEqual(once.files);
    const less = compileShop(
      [policy('a checkout: listOrders, dropOrders', 'b cart: getOrder')],
      shopCluster(),
      [...twice.files],
    );
    expect(access(less, 'checkout')).toBe(LIST);
  });
});

describe('objects that do not say which grant opens what', () => {
  const HELD = 'a checkout: dropOrders';
  const old = (compilation: Compilation) =>
    compilation.files.map(file => ({
      ...file,
      text: file.text.replace(new RegExp(`^ *${OPENS_KEY}: .*\n`, 'gm'), ''),
    }));
  const files = old(compileShop([BOTH]));
  const state = (text: string) => ({
    compilation: compileShop([text], shopCluster(), files),
    clusters: [shopCluster()],
  });

  it('are kept for a held grant as long as all that they name is declared', () => {
    const { compilation } = state(
      policy(HELD, 'x checkout: getOrder, createOrder', 'b cart: getOrder'),
    );
    expect(access(compilation, 'checkout')).toContain('GET /orders');
  });

  it('are not where one of these has ended, and the meaning says what is lost', () => {
    const before = {
      ...state(
        policy(HELD, 'x checkout: getOrder, createOrder', 'b cart: getOrder'),
      ),
      files,
    };
    const ended = state(policy(HELD, 'b cart: getOrder'));
    expect(access(ended.compilation, 'checkout')).toBe('');
    const { lost, text, content } = meaning({
      before,
      after: ended,
      api: API,
      catalog: shopCatalog(),
    });
    expect(lost.map(({ caller, operations }) => [caller, operations])).toEqual([
      [
        'component:default/checkout',
        ['GET /orders', 'createOrder', 'getOrder'],
      ],
    ]);
    expect(text).toContain('GET /orders');
    expect(JSON.stringify(content.removed)).toContain('GET /orders"');
    expect(prove({ before, after: ended, approved: [content] }).holds).toBe(
      true,
    );
  });
});
