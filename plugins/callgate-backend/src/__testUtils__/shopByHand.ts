import type { ShopChanges } from './changedShop';

/** Where the demo company's Customers API would be declared. */
export const CUSTOMERS = 'api:default/customers';
export const CUSTOMERS_POLICY = 'policies/default/customers.yaml';
export const CUSTOMERS_MANIFEST =
  'clusters/prod-eu/crm/callgate-customers.yaml';

/** Below `examples/shop`. */
export const CRM_ESTATE = 'estate/prod-eu/crm.yaml';

/** Admits the care desk and web, by hand. */
export const BY_HAND = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: crm-callers
  namespace: crm
spec:
  podSelector:
    matchLabels: { app: crm }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: { kubernetes.io/metadata.name: care }
          podSelector:
            matchLabels: { app: care-desk }
        - namespaceSelector:
            matchLabels: { kubernetes.io/metadata.name: storefront }
          podSelector:
            matchLabels: { app: web }
      ports:
        - { protocol: TCP, port: 8080 }
`;

/** Admits Prometheus as well, whose pods two entities claim in the example and nobody has settled. */
export const BY_HAND_CONTESTED = BY_HAND.replace(
  '      ports:',
  `        - namespaceSelector:
            matchLabels: { kubernetes.io/metadata.name: monitoring }
          podSelector:
            matchLabels: { app: prometheus }
      ports:`,
);

/** The demo company with a Customers API that a policy closes which people wrote, and nobody declared. */
export function shopByHand(changes: ShopChanges = {}): ShopChanges {
  return {
    ...changes,
    removed: [
      `repository/${CUSTOMERS_POLICY}`,
      `repository/${CUSTOMERS_MANIFEST}`,
    ],
    files: {
      [CRM_ESTATE]: text => `${text.trimEnd()}\n${BY_HAND}`,
      ...changes.files,
    },
  };
}
