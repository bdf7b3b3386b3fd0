import { parseAllDocuments } from 'yaml';
import { loadManifests } from '../estate/loadManifests';
import { buildCluster } from '../estate/buildCluster';
import type { Cluster } from '../estate/types';
import type { CatalogEntity } from '../model/types';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { parsePlatformProfile } from '../profile/parsePlatformProfile';
import {
  api,
  component,
  namespace,
  OPENAPI,
  service,
  workload,
} from '../plan/__testUtils__/yaml';
import { grantIds } from './grantIds';
import { newcomersNamespace } from './newcomers';
import { onboard } from './onboard';
import type { OnboardInput } from './types';

const networkPolicy = (
  name: string,
  from: object[],
  more: object = { ports: [{ port: 8080 }] },
) =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app: name } },
      policyTypes: ['Ingress'],
      ingress: [{ from, ...more }],
    },
  });
const pods = (app: string) => ({ podSelector: { matchLabels: { app } } });
const authorizationPolicy = (name: string, rules: object[]) =>
  JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { matchLabels: { app: name } }, rules },
  });

function cluster(
  name: string,
  manifests: readonly string[],
  mesh = 'none',
  more = '',
): Cluster {
  const { profile } = parsePlatformProfile({
    path: 'profile.yaml',
    text: `{ apiVersion: callgate.dev/v1alpha1, kind: PlatformProfile, metadata: { name: ${name} }, spec: {
      mesh: { mode: ${mesh}, rootNamespace: istio-system, trustDomain: cluster.local, pathNormalization: DECODE_AND_MERGE_SLASHES },
      network: { podCidrs: [10.0.0.0/16], nodeCidrs: [10.1.0.0/16], serviceCidrs: [10.2.0.0/16] }, dns: [], controlPlane: []${more} } }`,
  });
  const { objects, findings } = loadManifests([
    { path: `${name}.yaml`, text: manifests.join('\n---\n') },
  ]);
  expect(findings).toEqual([]);
  return buildCluster({ name, objects, profile }).cluster;
}

const run = (name: string, options: object = {}) => [
  workload(name, {
    ports: [{ name: 'http', containerPort: 8080 }],
    ...options,
  }),
  service(name),
];

const catalogOf = (texts: readonly string[]): CatalogEntity[] =>
  parseAllDocuments(texts.join('\n---\n')).map(document => document.toJS());

const provider = component('orders', {
  owner: 'orders-team',
  providesApis: ['orders'],
});

/** The grants of the one policy that is written. */
function grantsOf(input: OnboardInput) {
  const { files } = onboard(input);
  expect(files).toHaveLength(1);
  return parseAccessPolicy(files[0]).policy!.spec.grants;
}

describe('importing what is in force', () => {
  it('grants nothing to whom a policy of another kind may refuse on the way out', () => {
    const { apis, unchanged } = onboard({
      catalog: catalogOf([api(), provider, component('checkout')]),
      clusters: [
        cluster('eu', [
          ...['orders', 'checkout'].flatMap(name => run(name)),
          networkPolicy('orders', [pods('checkout')]),
          JSON.stringify({
            apiVersion: 'cilium.io/v2',
            kind: 'CiliumNetworkPolicy',
            metadata: { name: 'checkout-out', namespace: 'shop' },
            spec: {
              endpointSelector: { matchLabels: { app: 'checkout' } },
              egress: [{ toEntities: ['world'] }],
            },
          }),
        ]),
      ],
    });
    expect(apis).toMatchObject([
      {
        state: 'written',
        grants: [],
        kept: [
          {
            caller: { ref: 'component:default/checkout' },
            reason: 'not-known',
          },
        ],
      },
    ]);
    expect(unchanged).toBe(true);
  });

  it('lets one of two go that close the same, and says why the other one stays', () => {
    const defaultDeny = (name: string) =>
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace: 'shop' },
        spec: { podSelector: {}, policyTypes: ['Ingress'] },
      });
    const { handWritten } = onboard({
      catalog: catalogOf([api(), provider, component('checkout')]),
      clusters: [
        cluster('eu', [
          ...['orders', 'checkout'].flatMap(name => run(name)),
          networkPolicy('orders', [pods('checkout')]),
          defaultDeny('deny-one'),
          defaultDeny('deny-two'),
        ]),
      ],
    });
    expect(
      handWritten.map(({ name, canGo, alone, changes }) => [
        name,
        canGo,
        alone,
        changes.length > 0,
      ]),
    ).toEqual([
      ['deny-one', true, undefined, false],
      ['deny-two', false, true, true],
      ['orders', true, undefined, false],
    ]);
  });

  it('names the clusters where both ends run in several, and keeps apart what differs', () => {
    const estate = (from: string[]) => [
      ...['orders', 'checkout', 'cart'].flatMap(name => run(name)),
      networkPolicy('orders', from.map(pods)),
    ];
    const grants = grantsOf({
      catalog: catalogOf([
        api(),
        provider,
        component('checkout'),
        component('cart'),
      ]),
      clusters: [
        cluster('us', estate(['checkout'])),
        cluster('eu', estate(['checkout', 'cart'])),
      ],
    });
    expect(
      grants.map(({ caller, in: clusters }) => [caller, clusters]),
    ).toEqual([
      ['component:default/cart', ['eu']],
      ['component:default/checkout', ['eu', 'us']],
    ]);
  });

  it('imports one cluster where another one is open, and closes nothing there', () => {
    const both = ['orders', 'checkout'].flatMap(name => run(name));
    const result = onboard({
      catalog: catalogOf([api(), provider, component('checkout')]),
      clusters: [
        cluster('eu', [...both, networkPolicy('orders', [pods('checkout')])]),
        cluster('us', both),
      ],
    });
    expect(result.apis).toMatchObject([
      {
        state: 'written',
        openIn: ['us'],
        grants: [
          { grant: { caller: 'component:default/checkout', in: ['eu'] } },
        ],
      },
    ]);
    expect(result.unchanged).toBe(true);
    expect(result.changes).toEqual([]);
  });

  it('acknowledges the gaps that the access has today', () => {
    const grants = grantsOf({
      catalog: catalogOf([api(), provider, component('checkout')]),
      clusters: [
        cluster(
          'eu',
          [
            namespace('shop'),
            ...run('orders'),
            ...run('checkout', {
              annotations: { 'sidecar.istio.io/inject': 'false' },
              labels: {
                app: 'checkout',
                'backstage.io/kubernetes-id': 'checkout',
                'sidecar.istio.io/inject': 'false',
              },
            }),
            networkPolicy('orders', [pods('checkout')]),
          ],
          'sidecar',
        ),
      ],
    });
    expect(grants).toMatchObject([
      {
        caller: 'component:default/checkout',
        operations: [{ tcp: { port: 8080 } }],
        acknowledges: ['identity-not-enforced'],
      },
    ]);
  });

  it('needs no definition for a whole port, and cannot say methods without one', () => {
    const estate = (rule: object) =>
      cluster(
        'eu',
        [
          ...['orders', 'checkout'].flatMap(name => run(name)),
          networkPolicy('orders', [pods('checkout')]),
          authorizationPolicy('orders', [rule]),
        ],
        'sidecar',
      );
    const catalog = catalogOf([
      api({ definition: '{{ not a definition' }),
      provider,
      component('checkout'),
    ]);
    const from = [
      { source: { principals: ['cluster.local/ns/shop/sa/checkout'] } },
    ];
    expect(
      grantsOf({
        catalog,
        clusters: [estate({ from, to: [{ operation: { ports: ['8080'] } }] })],
      }),
    ).toMatchObject([{ operations: [{ tcp: { port: 8080 } }] }]);
    const get = [{ operation: { methods: ['GET'], ports: ['8080'] } }];
    const { apis } = onboard({
      catalog,
      clusters: [estate({ from, to: get })],
    });
    expect(apis[0].grants).toEqual([]);
    expect(apis[0].kept).toMatchObject([
      {
        caller: { ref: 'component:default/checkout' },
        reason: 'not-expressible',
        by: [{ name: 'orders' }, { name: 'orders' }],
      },
    ]);
  });

  it('leaves out what has a name or an owner that no AccessPolicy can have, and goes on with the others', () => {
    const long = 'x'.repeat(64);
    const { apis, files } = onboard({
      catalog: catalogOf([
        api(),
        api({ name: '../../escape' }),
        api({ name: long }),
        api({ name: 'nobodys', owner: '' }),
        component('orders', {
          owner: 'orders-team',
          providesApis: ['orders', '../../escape', long, 'nobodys'],
        }),
        component('checkout'),
      ]),
      clusters: [
        cluster('eu', [
          ...['orders', 'checkout'].flatMap(name => run(name)),
          networkPolicy('orders', [pods('checkout')]),
        ]),
      ],
    });
    expect(files.map(({ path }) => path)).toEqual([
      'policies/default/orders.yaml',
    ]);
    expect(
      apis.map(each => [each.api, each.leftOut?.reason ?? each.state]),
    ).toEqual([
      ['api:default/../../escape', 'errors'],
      ['api:default/nobodys', 'no-owner'],
      ['api:default/orders', 'written'],
      [`api:default/${long}`, 'errors'],
    ]);
  });

  it('says operations that are too long for a grant by hand', () => {
    const id = 'o'.repeat(501);
    const { apis, changes } = onboard({
      catalog: catalogOf([
        api({ definition: OPENAPI.replace('listOrders', id) }),
        provider,
        component('checkout'),
      ]),
      clusters: [
        cluster(
          'eu',
          [
            ...['orders', 'checkout'].flatMap(name => run(name)),
            networkPolicy('orders', [pods('checkout')]),
            authorizationPolicy('orders', [
              {
                to: [
                  {
                    operation: {
                      methods: ['GET'],
                      paths: ['/orders'],
                      ports: ['8080'],
                    },
                  },
                ],
              },
            ]),
          ],
          'sidecar',
        ),
      ],
    });
    expect(changes).toEqual([]);
    expect(apis[0].kept.map(({ reason }) => reason)).toContain(
      'not-expressible',
    );
  });

  it('leaves an API alone for which Callgate generated objects', () => {
    const { apis } = onboard({
      catalog: catalogOf([api(), provider]),
      clusters: [
        cluster('eu', [
          ...run('orders'),
          JSON.stringify({
            apiVersion: 'networking.k8s.io/v1',
            kind: 'NetworkPolicy',
            metadata: {
              name: 'callgate-orders',
              namespace: 'shop',
              labels: { 'app.kubernetes.io/managed-by': 'callgate' },
              annotations: { 'callgate.dev/api': 'api:default/orders' },
            },
            spec: {
              podSelector: { matchLabels: { app: 'orders' } },
              policyTypes: ['Ingress'],
            },
          }),
        ]),
      ],
    });
    expect(apis).toMatchObject([
      { state: 'left-out', leftOut: { reason: 'declared' } },
    ]);
  });

  it('writes what changes access where that is accepted, and says what', () => {
    const input = {
      catalog: catalogOf([api(), provider, component('checkout')]),
      clusters: [
        cluster(
          'eu',
          [
            ...['orders', 'checkout', 'legacy'].flatMap(name => run(name)),
            networkPolicy('orders', [pods('checkout'), pods('legacy')]),
          ],
          'sidecar',
        ),
      ],
    };
    expect(onboard(input).files).toEqual([]);
    const { files, changes, unchanged } = onboard({
      ...input,
      accept: ['api:default/orders'],
    });
    expect(files).toHaveLength(1);
    expect(unchanged).toBe(false);
    expect(changes).toMatchObject([
      {
        change: 'lost',
        from: 'shop/Deployment/legacy',
        to: 'shop/Deployment/orders',
        witness: { port: 8080 },
      },
    ]);
  });

  it('calls losses on ports that nothing declares what they are, and gains never', () => {
    const input = {
      catalog: catalogOf([api(), provider, component('checkout')]),
      clusters: [
        cluster(
          'eu',
          [
            ...['orders', 'checkout'].flatMap(name => run(name)),
            // Every port of checkout's calls, of which the mesh then leaves 8080.
            networkPolicy('orders', [pods('checkout')], {}),
          ],
          'sidecar',
        ),
      ],
    };
    const strict = onboard(input);
    expect(strict.files).toEqual([]);
    expect(strict.apis).toMatchObject([
      {
        leftOut: {
          reason: 'would-change',
          changes: [{ change: 'lost', undeclaredPorts: true }],
        },
      },
    ]);
    const accepted = onboard({ ...input, acceptUndeclaredPorts: true });
    expect(accepted.files).toHaveLength(1);
    expect(accepted.unchanged).toBe(false);
    expect(accepted.changes).toHaveLength(1);
  });

  it('counts what the platform lets in wherever something is closed as a change, and says so', () => {
    const scraper =
      ', scrapers: [{ namespace: monitoring, podLabels: { app: prometheus }, ports: [{ port: 15020 }] }]';
    const { apis } = onboard({
      catalog: catalogOf([api(), provider, component('checkout')]),
      clusters: [
        cluster(
          'eu',
          [
            ...['orders', 'checkout'].flatMap(name => run(name)),
            workload('prometheus', { namespace: 'monitoring' }),
            networkPolicy('orders', [pods('checkout')]),
          ],
          'sidecar',
          scraper,
        ),
      ],
    });
    expect(apis).toMatchObject([
      {
        leftOut: {
          reason: 'would-change',
          changes: [
            {
              change: 'gained',
              from: 'monitoring/Deployment/prometheus',
              plumbing: true,
            },
          ],
        },
      },
    ]);
  });

  // The profile's scrapers are a namespace; by hand, one workload of it was let in.
  const scraped = (admitted: object) => [
    cluster(
      'eu',
      [
        namespace('monitoring'),
        ...['orders', 'checkout'].flatMap(name => run(name)),
        workload('prometheus', {
          namespace: 'monitoring',
          ports: [{ containerPort: 9090 }],
        }),
        networkPolicy('orders', [pods('checkout'), admitted]),
      ],
      'none',
      ', scrapers: [{ namespace: monitoring, ports: [{ port: 8080, protocol: TCP }] }]',
    ),
  ];
  const monitoring = {
    namespaceSelector: {
      matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' },
    },
  };

  it('counts it as a change that whoever comes later would be let in', () => {
    const catalog = catalogOf([api(), provider, component('checkout')]);
    const input = {
      catalog,
      clusters: scraped({ ...monitoring, ...pods('prometheus') }),
    };
    const { apis, files, unchanged } = onboard(input);
    // Another pod of the namespace is refused today, and what is generated admits all of them.
    expect([files, unchanged]).toEqual([[], false]);
    expect(apis).toMatchObject([
      { state: 'left-out', leftOut: { reason: 'would-change' } },
    ]);
    const leftOut = apis[0].leftOut!;
    const changes = leftOut.reason === 'would-change' ? leftOut.changes : [];
    expect(
      changes.map(({ change, from, to }) => [
        change,
        newcomersNamespace(from),
        to,
      ]),
    ).toEqual([['gained', 'monitoring', 'shop/Deployment/orders']]);
    // All of them are let in today: nobody gains.
    expect(
      onboard({ catalog, clusters: scraped(monitoring) }).apis,
    ).toMatchObject([{ state: 'written' }]);
  });

  it('claims nothing about a namespace of which Deployments were left out, and in which nobody is known to call', () => {
    const money = {
      namespaceSelector: {
        matchLabels: { 'kubernetes.io/metadata.name': 'money' },
      },
    };
    const gap = (at: string) =>
      JSON.stringify({
        apiVersion: 'callgate.dev/v1alpha1',
        kind: 'NotRead',
        metadata: { name: 'deployments.apps', namespace: at },
        spec: {
          leftOut: [{ reason: 'too-large', count: 1, names: ['huge'] }],
        },
      });
    const imported = (more: string[]) =>
      onboard({
        catalog: catalogOf([api(), provider, component('checkout')]),
        clusters: [
          cluster(
            'eu',
            [
              ...[namespace('money'), namespace('elsewhere')],
              ...['orders', 'checkout'].flatMap(name => run(name)),
              networkPolicy('orders', [pods('checkout'), money]),
              ...more,
            ],
            'sidecar',
          ),
        ],
      });
    // The network lets all of money in; what is generated for the proxy of orders admits those who have a grant (Istio,
    // "Implicit enablement"). Of an empty namespace that is told; who runs in one that was not read would be cut.
    const written = [
      { state: 'written', later: [{ cluster: 'eu', namespace: 'money' }] },
    ];
    expect(imported([]).apis).toMatchObject(written);
    expect(imported([gap('elsewhere')]).apis).toMatchObject(written);
    const { apis, files, unchanged } = imported([gap('money')]);
    expect(apis).toMatchObject([
      { state: 'left-out', leftOut: { reason: 'would-change' } },
    ]);
    expect([files, unchanged]).toEqual([[], false]);
  });

  it('says nothing of policies of the mesh for an API that runs outside it', () => {
    // Istio: PeerAuthentication and AuthorizationPolicy are enforced by the proxy of a workload; where none runs, they say nothing.
    const policy = (kind: string, at: string, name: string, spec: object) =>
      JSON.stringify({
        apiVersion: 'security.istio.io/v1',
        kind,
        metadata: { name, namespace: at },
        spec,
      });
    const estate = (injection: string) => [
      cluster(
        'eu',
        [
          namespace('istio-system', { 'istio-injection': 'disabled' }),
          namespace('shop', { 'istio-injection': injection }),
          ...['orders', 'checkout'].flatMap(name => run(name)),
          networkPolicy('orders', [pods('checkout')]),
          policy('PeerAuthentication', 'istio-system', 'default', {
            mtls: { mode: 'PERMISSIVE' },
          }),
          policy('AuthorizationPolicy', 'shop', 'any', { rules: [{}] }),
        ],
        'sidecar',
      ),
    ];
    const judged = (injection: string) =>
      onboard({
        catalog: catalogOf([api(), provider, component('checkout')]),
        clusters: estate(injection),
      }).handWritten.map(({ kind, canGo }) => [kind, canGo]);
    expect(judged('disabled')).toEqual([['NetworkPolicy', true]]);
    // With a proxy they are about it; without one, PERMISSIVE is what Istio takes when nothing is said.
    expect(judged('enabled')).toContainEqual(['PeerAuthentication', true]);
  });
});

describe('ids of imported grants', () => {
  it('are names of callers, told apart where they would be the same', () => {
    expect(
      grantIds([
        { caller: 'component:default/checkout' },
        { caller: 'component:default/42' },
        { caller: 'gateway:edge/ingress' },
        { caller: 'component:default/cart', in: ['eu'] },
        { caller: 'component:default/cart', in: ['us'] },
        { caller: 'component:default/ledger' },
        { caller: 'resource:default/ledger' },
        { caller: 'self' },
      ]),
    ).toEqual([
      'checkout',
      'caller-42',
      'ingress',
      'cart-eu',
      'cart-us',
      'component-default-ledger',
      'resource-default-ledger',
      'self',
    ]);
  });
});
