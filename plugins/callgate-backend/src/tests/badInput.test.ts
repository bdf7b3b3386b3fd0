import type { Entity } from '@backstage/catalog-model';
import type { ApiAccess } from '@callgate/plugin-callgate-common';
import {
  replaced,
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';

jest.setTimeout(120_000);

const DRAFT = {
  api: 'api:default/orders',
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }],
  in: ['prod-eu'],
  reason: 'Order status on the confirmation page',
};
const ORDERS = 'repository/policies/default/orders.yaml';
const ORDERING = 'estate/prod-eu/ordering.yaml';
const STOREFRONT = 'estate/prod-eu/storefront.yaml';

const grantsOf = ({ callers }: ApiAccess) =>
  callers.flatMap(({ grants }) => grants);

interface Refused {
  changes: ShopChanges;
  code: string;
  /** Where the finding leads, or what it names. */
  at?: { file: string; line?: number };
  names?: string;
  /** Nothing else can be asked for either. */
  everywhere?: boolean;
}

const file = (name: string, from: string | RegExp, to: string) => ({
  files: { [name]: replaced(from, to) },
});

const REFUSED: Record<string, Refused> = {
  'an AccessPolicy with an unknown field': {
    changes: file(
      ORDERS,
      '  mode: enforce\n',
      '  mode: enforce\n  expirez: x\n',
    ),
    code: 'unknown-field',
    at: { file: 'policies/default/orders.yaml', line: 10 },
  },
  'an AccessPolicy with two grants of one id': {
    changes: file(ORDERS, 'id: returns-settles', 'id: cart-places-orders'),
    code: 'duplicate-grant',
    at: { file: 'policies/default/orders.yaml', line: 40 },
  },
  'an AccessPolicy with a regular expression as path': {
    changes: file(
      ORDERS,
      '- id: createOrder',
      "- http: { methods: [GET], paths: ['/orders/.*'] }",
    ),
    code: 'path-not-expressible',
    at: { file: 'policies/default/orders.yaml' },
  },
  'a definition that does not parse': {
    changes: {
      entities: {
        'api:orders': entity => ({
          ...entity,
          spec: { ...entity.spec, definition: 'openapi: 3.1.0\npaths: {\n' },
        }),
      },
    },
    code: 'contract-unreadable',
    names: 'api:default/orders',
  },
  'an estate with a syntax error': {
    changes: file(ORDERING, 'kind: Namespace', 'kind: [Namespace'),
    code: 'estate-not-readable',
    at: { file: 'prod-eu/ordering.yaml' },
    everywhere: true,
  },
  'a caller without binding': {
    changes: {
      entities: {
        'component:checkout': ({ metadata, ...entity }): Entity => ({
          ...entity,
          metadata: { ...metadata, annotations: {} },
        }),
      },
    },
    code: 'binding-missing',
    names: 'component:default/checkout',
  },
  'a caller on the host network': {
    changes: file(
      STOREFRONT,
      '      serviceAccountName: checkout\n',
      '      serviceAccountName: checkout\n      hostNetwork: true\n',
    ),
    code: 'host-network-caller',
    names: 'storefront/Deployment/checkout',
  },
  'methods on a plain TCP port': {
    changes: {
      files: {
        [ORDERING]: text =>
          replaced(
            /(kind: Service\nmetadata:\n {2}name: orders\n[\s\S]*?)name: http\n([\s\S]*?) +appProtocol: http\n/,
            '$1name: tcp\n$2',
          )(text),
      },
    },
    code: 'not-http-port',
    names: 'ordering/Deployment/orders',
  },
};

/** What is wrong with one grant of the API, and with nothing else of it. */
const HELD: Record<string, Refused> = {
  'an AccessPolicy with an unknown operation': {
    changes: file(ORDERS, 'id: createOrder', 'id: dropOrders'),
    code: 'unknown-operation',
    at: { file: 'policies/default/orders.yaml' },
  },
  'an AccessPolicy with a caller that is not in the catalog': {
    changes: file(ORDERS, 'component:default/cart', 'component:default/ghost'),
    code: 'caller-not-found',
    at: { file: 'policies/default/orders.yaml' },
  },
};

describe('bad input, by name', () => {
  let shop: ChangedShop;
  afterEach(() => shop?.stop());

  it.each(Object.entries(REFUSED))(
    '%s blocks the request and says so where people look',
    async (_, { changes, code, at, names, everywhere }) => {
      shop = await startChangedShop(changes);
      const priya = shop.as('priya');

      const preview = await priya.post('/previews', DRAFT);
      expect(preview.status).toBe(200);
      expect(preview.body.send.allowed).toBe(false);
      const finding = preview.body.findings.find(
        (each: { code: string }) => each.code === code,
      );
      expect(finding).toMatchObject({ severity: 'error', ...(at && { at }) });
      expect(finding.fix).toEqual(expect.stringMatching(/\w{3}/));
      expect(preview.body.send.reason).toEqual(expect.stringMatching(/\w{3}/));
      expect(`${finding.message} ${finding.objects.join(' ')}`).toContain(
        names ?? '',
      );

      const sent = await priya.post('/requests', {
        ...DRAFT,
        digest: preview.body.digest,
      });
      expect([sent.status, sent.body.error.code]).toEqual([
        409,
        'cannot-be-enforced',
      ]);
      expect((await priya.get('/requests')).body.total).toBe(0);
      expect((await priya.get('/proposals')).body.total).toBe(0);

      const other = await priya.post('/previews', {
        api: 'api:default/inventory',
        caller: 'component:default/checkout',
        operations: [{ id: 'listStock' }],
        in: ['prod-eu'],
        reason: 'Says what is left',
      });
      expect(other.status).toBe(200);
      expect(everywhere && other.body.send.allowed).not.toBe(true);
    },
  );

  const onPage = [
    'an AccessPolicy with an unknown field',
    'an AccessPolicy with two grants of one id',
    'an AccessPolicy with a regular expression as path',
    'a definition that does not parse',
    'an estate with a syntax error',
  ];
  it.each(onPage)('%s is a finding on the page of the API', async name => {
    const { changes, code, at } = REFUSED[name];
    shop = await startChangedShop(changes);
    const page = await shop.as('omar').get('/apis/default/orders');
    expect(page.status).toBe(200);
    const finding = page.body.findings.find(
      (each: { code: string }) => each.code === code,
    );
    expect(finding).toMatchObject({ severity: 'error', ...(at && { at }) });
    const granted = grantsOf(page.body).filter(
      ({ status }) => status === 'granted',
    );
    expect(granted).toEqual([]);
  });

  it.each(Object.entries(HELD))(
    '%s holds that grant alone: others are asked for and granted as usual',
    async (_, { changes, code, at }) => {
      shop = await startChangedShop(changes);
      const priya = shop.as('priya');
      const preview = await priya.post('/previews', DRAFT);
      expect(preview.body.send).toEqual({ allowed: true });
      expect(preview.body.findings).not.toContainEqual(
        expect.objectContaining({ code }),
      );
      const sent = await priya.post('/requests', {
        ...DRAFT,
        digest: preview.body.digest,
      });
      expect(sent.status).toBe(201);

      const page = await shop.as('omar').get('/apis/default/orders');
      expect(page.body.findings).toContainEqual(
        expect.objectContaining({
          code,
          severity: 'error',
          at: expect.objectContaining(at!),
        }),
      );
      const grants = grantsOf(page.body);
      const wrong = grants.filter(({ id }) => id === 'cart-places-orders');
      expect(wrong.map(({ status }) => status)).not.toContain('granted');
      const sound = grants.filter(({ status }) => status === 'granted');
      expect(sound.length).toBeGreaterThan(2);
    },
  );

  it('an estate with a syntax error is a finding on the page of the caller', async () => {
    shop = await startChangedShop(
      REFUSED['an estate with a syntax error'].changes,
    );
    const page = await shop
      .as('priya')
      .get('/callers/component/default/checkout');
    expect(page.body.findings).toContainEqual(
      expect.objectContaining({ code: 'estate-not-readable' }),
    );
  });

  it('two workloads of one caller are both let in, and the finding names them', async () => {
    shop = await startChangedShop({
      files: {
        [STOREFRONT]: text => {
          const deployment = text
            .split('---\n')
            .find(part =>
              /kind: Deployment\nmetadata:\n {2}name: checkout\n/.test(part),
            );
          return `${text}---\n${deployment!.replace(
            'name: checkout\n',
            'name: checkout-canary\n',
          )}`;
        },
      },
    });
    const preview = await shop.as('priya').post('/previews', DRAFT);
    expect(preview.body.send).toEqual({ allowed: true });
    expect(preview.body.findings).toContainEqual(
      expect.objectContaining({ code: 'several-workloads' }),
    );
    expect(preview.body.meaning.gained[0].clusters[0].from).toEqual([
      'storefront/Deployment/checkout',
      'storefront/Deployment/checkout-canary',
    ]);
  });

  it('a service account that a stranger shares is a warning, and the stranger gains nothing', async () => {
    shop = await startChangedShop(
      file(
        STOREFRONT,
        '      serviceAccountName: catalogue\n',
        '      serviceAccountName: checkout\n',
      ),
    );
    const preview = await shop.as('priya').post('/previews', DRAFT);
    expect(preview.body.send).toEqual({ allowed: true });
    expect(preview.body.findings).toContainEqual(
      expect.objectContaining({
        code: 'identity-overgrant',
        severity: 'warning',
      }),
    );
    expect(
      preview.body.meaning.gained.map(
        ({ caller }: { caller: { ref: string } }) => caller.ref,
      ),
    ).toEqual(['component:default/checkout']);
  });
});
