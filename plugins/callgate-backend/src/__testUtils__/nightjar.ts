import { createServiceFactory } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { notificationService } from '@backstage/plugin-notifications-node';
import type {
  AccessRequest,
  AccessRequestDraft,
} from '@callgate/plugin-callgate-common';
import { editFile, startChangedShop, type ChangedShop } from './changedShop';
import { eventually } from './startShop';
import {
  approve,
  commitElsewhere,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from './steps';

/** A caller that most people may not see, with names that nothing else has. */
export const NIGHTJAR = 'component:default/nightjar';

/** Everything by which it could be known. */
export const TRACES = /nightjar|plover|roost|caprimulgus|goatsucker|moths/i;

const MAY_SEE_IT = ['priya', 'ivan', 'ines', 'omar', 'carl', 'felix', 'petra'];

const ENTITY: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'nightjar',
    title: 'Project Plover',
    namespace: 'default',
    annotations: { 'backstage.io/kubernetes-id': 'nightjar' },
  },
  spec: {
    type: 'service',
    lifecycle: 'experimental',
    owner: 'group:default/insight-team',
    consumesApis: ['orders', 'catalogue', 'inventory', 'pricing'],
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/insight-team' }],
};

const workload = (name: string) => `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: roost
  labels: { app: ${name}, backstage.io/kubernetes-id: nightjar }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata:
      labels: { app: ${name}, bird: caprimulgus, backstage.io/kubernetes-id: nightjar }
    spec:
      serviceAccountName: goatsucker
      containers:
        - { name: main, image: registry.shop.example/engine:1 }
`;

const ESTATE = `apiVersion: v1
kind: Namespace
metadata:
  name: roost
  labels: { kubernetes.io/metadata.name: roost, istio-injection: enabled }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: goatsucker, namespace: roost }
${workload('nightjar-engine')}`;

const grant = (id: string, operation: string) => `    - id: ${id}
      caller: ${NIGHTJAR}
      in: [prod-eu]
      operations:
        - id: ${operation}
      reason: It lives on moths
`;

export const draftOf = (
  api: string,
  operation: string,
): AccessRequestDraft => ({
  api: `api:default/${api}`,
  caller: NIGHTJAR,
  operations: [{ id: operation }],
  in: ['prod-eu'],
  reason: 'It lives on moths',
});

/** Stan's own wish: it closes the Catalogue API, and cuts the nightjar off. */
export const CUTTING: AccessRequestDraft = {
  api: 'api:default/catalogue',
  caller: 'component:default/store-locator',
  operations: [{ tcp: { port: 8080 } }],
  in: ['prod-eu'],
  acknowledges: ['identity-not-enforced', 'shared-service-account'],
  reason: 'Shops list what they have',
};

/** The company, with what happened to the nightjar in it. */
export interface NightjarShop extends ChangedShop {
  requests: Record<
    'merged' | 'open' | 'asksAgain' | 'stuck' | 'cutting',
    AccessRequest
  >;
  notified: { recipients: unknown; payload: unknown }[];
}

/** The company with the nightjar in it, which may call nothing yet. */
export async function startWithNightjar(
  options: { closedEgress?: boolean } = {},
): Promise<ChangedShop & Pick<NightjarShop, 'notified'>> {
  const notified: NightjarShop['notified'] = [];
  const shop = await startChangedShop({
    config: { lifecycle: { reviewEvery: '180d' } },
    hides: (person, ref) =>
      ref === NIGHTJAR && !MAY_SEE_IT.includes(person.split('/')[1]),
    features: [
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({
          send: async sent => {
            notified.push(sent);
          },
        }),
      }),
    ],
    files: {
      'estate/prod-eu/roost.yaml': () =>
        options.closedEgress
          ? ESTATE.replace(
              '  name: roost\n  labels',
              '  name: roost\n  annotations: { callgate.dev/egress: enforce }\n  labels',
            )
          : ESTATE,
      'repository/policies/default/inventory.yaml': text =>
        `${text}${grant('nightjar-counts', 'countMoths')}`,
    },
  });
  shop.entities.push(ENTITY);
  await shop.run('refresh-estate');
  return { ...shop, notified };
}

/**
 * A company in which a caller that most people may not see has a merged grant, one that does not compile, one that the
 * manifests refuse, an open request, one that asks again, and one whose pull request cannot be built; and in which
 * somebody else asks for what cuts it off.
 */
export async function startNightjarShop(): Promise<NightjarShop> {
  const shop = await startWithNightjar();
  const merged = await send(shop, 'ivan', draftOf('orders', 'listOrders'));
  await approve(shop, 'omar', merged);
  await mergeShown(shop, 'petra', await proposalOf(shop, merged));
  await reaches(shop, merged, 'merged');

  const open = await send(shop, 'ivan', draftOf('orders', 'getOrder'));

  const estate = `${shop.folder}/estate/prod-eu/roost.yaml`;
  const joins = async (name: string) => {
    editFile(estate, text => `${text}${workload(name)}`);
    await shop.run('refresh-estate');
  };
  const cutting = await send(shop, 'stan', CUTTING);
  await approve(shop, 'carl', cutting);
  await joins('nightjar-fledgling');
  await reaches(shop, cutting, 'submitted');
  await approve(shop, 'carl', cutting);
  await proposalOf(shop, cutting);

  const asksAgain = await send(shop, 'ivan', draftOf('orders', 'cancelOrder'));
  await approve(shop, 'omar', asksAgain);
  await joins('nightjar-canary');
  await reaches(shop, asksAgain, 'submitted');

  const stuck = await send(shop, 'ivan', {
    ...draftOf('pricing', ''),
    operations: [{ id: 'shop.pricing.v1.Pricing/GetQuote' }],
  });
  await approve(shop, 'carl', stuck);
  editFile(estate, text =>
    text.replace(
      '    spec:\n      service',
      '    spec:\n      hostNetwork: true\n      service',
    ),
  );
  await shop.run('refresh-estate');
  await eventually(
    async () => (await shop.as('petra').get('/proposals')).body.items,
    items => items.some((item: { problem?: string }) => item.problem),
  );
  // Declared by hand, and nothing generated for it: the manifests refuse it.
  commitElsewhere(shop, {
    'policies/default/payments.yaml': text =>
      `${text}${grant('night-pays', 'getPayment')}`,
  });
  // Whoever decides reads the repository anew.
  await shop.as('omar').post(`/requests/${open.id}/approve`, { digest: '' });
  return {
    ...shop,
    requests: { merged, open, asksAgain, stuck, cutting },
  };
}
