import fs from 'node:fs';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { parseAccessPolicy } from '@callgate/policy';
import {
  type AccessDocument,
  AccessCollatorFactory,
} from './AccessCollatorFactory';

type Item = { file: string; text: string };

/** A catalog that has everything, under its name, but what is left out. */
const titlesWithout = (...missing: string[]) => ({
  of: async (refs: readonly string[]) =>
    new Map(
      refs
        .filter(ref => !missing.includes(ref))
        .map(ref => [ref, parseEntityRef(ref).name]),
    ),
});

async function collate(
  items: Item[],
  options: { missing?: string[]; locationTemplate?: string } = {},
): Promise<AccessDocument[]> {
  const { missing = [], locationTemplate } = options;
  const factory = new AccessCollatorFactory({
    fetchDeclarations: async () => ({ commit: 'c', branch: 'main', items }),
    titles: titlesWithout(...missing),
    locationTemplate,
  });
  return (await factory.getCollator()).toArray();
}

const policy = (
  grants: string,
  mode = 'enforce',
  api = 'api:default/orders',
) => ({
  file: 'policies/default/orders.yaml',
  text: `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders, namespace: default }
spec:
  owner: group:default/orders-team
  api: ${api}
  mode: ${mode}
  grants:${grants || ' []'}
`,
});
const grant = (id: string, caller: string, operation = 'id: listOrders') => `
    - id: ${id}
      caller: ${caller}
      operations: [{ ${operation} }]`;

const shop = (): Item[] => {
  const folder = resolvePackagePath(
    '@callgate/plugin-callgate-backend',
    '../../examples/shop/repository/policies/default',
  );
  return fs.readdirSync(folder).map(file => ({
    file,
    text: fs.readFileSync(path.join(folder, file), 'utf8'),
  }));
};

it('names in each document the entity that guards it, and nothing else', async () => {
  const policies = shop().map(
    ({ file, text }) => parseAccessPolicy({ path: file, text }).policy!,
  );
  const names = new Set(
    policies.flatMap(({ spec }) => [
      parseEntityRef(spec.api).name,
      ...spec.grants.flatMap(({ id, caller, requestedBy, approvedBy = [] }) => [
        id,
        ...[caller, requestedBy, ...approvedBy].flatMap(ref =>
          ref?.includes('/') ? [parseEntityRef(ref).name] : [],
        ),
      ]),
    ]),
  );
  expect(names.size).toBeGreaterThan(40);
  const documents = await collate(shop());
  expect(documents.length).toBeGreaterThan(20);
  for (const { entityRef, authorization, ...told } of documents) {
    expect(authorization).toEqual({ resourceRef: entityRef });
    const own = parseEntityRef(entityRef).name;
    const others = [...names].filter(
      name =>
        name !== own &&
        new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'i').test(
          JSON.stringify(told),
        ),
    );
    expect([entityRef, others]).toEqual([entityRef, []]);
  }
});

it('says of an API how many may call it and what, and of a caller how much it may call', async () => {
  const documents = await collate([
    policy(
      grant('a', 'component:default/web') +
        grant(
          'b',
          'component:default/web',
          "http: { methods: [GET], paths: ['/orders/{id}'] }",
        ) +
        grant('c', 'resource:default/batch', 'tcp: { port: 8080 }'),
    ),
  ]);
  expect(documents).toEqual([
    {
      title: 'Access to orders',
      text: '2 callers have 3 grants for orders: listOrders, GET /orders/{id}, TCP 8080.',
      location: '/catalog/default/api/orders/access',
      entityRef: 'api:default/orders',
      authorization: { resourceRef: 'api:default/orders' },
    },
    {
      title: 'What web may call',
      text: 'web has 2 grants for 1 API.',
      location: '/catalog/default/component/web/calls',
      entityRef: 'component:default/web',
      authorization: { resourceRef: 'component:default/web' },
    },
    {
      title: 'What batch may call',
      text: 'batch has 1 grant for 1 API.',
      location: '/catalog/default/resource/batch/calls',
      entityRef: 'resource:default/batch',
      authorization: { resourceRef: 'resource:default/batch' },
    },
  ]);
});

it('has no document of what has no page of its calls', async () => {
  const documents = await collate([
    policy(
      grant('a', 'system:default/storefront') +
        grant('b', 'self') +
        grant('c', 'gateway:istio-ingress/public') +
        grant('d', 'cidr:10.1.0.0/16'),
    ),
  ]);
  expect(documents.map(({ title, text }) => [title, text])).toEqual([
    ['Access to orders', '4 callers have 4 grants for orders: listOrders.'],
  ]);
});

it('has no document of what the catalog does not have', async () => {
  const items = [policy(grant('a', 'component:default/web'))];
  expect(
    await collate(items, {
      missing: ['api:default/orders', 'component:default/web'],
    }),
  ).toEqual([]);
});

it.each([
  ['enforce', '', 'Nobody has a grant for orders.'],
  [
    'audit',
    grant('a', 'component:default/web'),
    '1 caller has 1 grant for orders: listOrders. The declaration is in mode audit: it does not enforce them.',
  ],
])(
  'says of a declaration in mode %s what it does',
  async (mode, grants, text) => {
    const [document] = await collate([policy(grants, mode)]);
    expect(document.text).toBe(text);
  },
);

it('says of a declaration that cannot be read nothing but that', async () => {
  const broken = policy(`${grant('a', 'component:default/web')}
      operations: twice`);
  expect(await collate([broken])).toMatchObject([
    { text: 'The declaration of orders cannot be read.' },
  ]);
  expect(await collate([{ file: 'x.yaml', text: '{' }])).toEqual([]);
});

it('leads to where the pages of entities are', async () => {
  const [document] = await collate([policy('')], {
    locationTemplate: '/things/:kind/:namespace/:name',
  });
  expect(document.location).toBe('/things/api/default/orders/access');
});

it('fails where the declarations or titles cannot be read, so that the search keeps what it has', async () => {
  const fails = async () => {
    throw new Error('Not now');
  };
  const fetchDeclarations = async () => ({
    commit: 'c',
    branch: 'main',
    items: [policy('')],
  });
  await expect(
    new AccessCollatorFactory({
      fetchDeclarations: fails,
      titles: titlesWithout(),
    }).getCollator(),
  ).rejects.toThrow('Not now');
  await expect(
    new AccessCollatorFactory({
      fetchDeclarations,
      titles: { of: fails },
    }).getCollator(),
  ).rejects.toThrow('Not now');
});
