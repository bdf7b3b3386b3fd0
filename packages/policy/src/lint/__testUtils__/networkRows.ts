import {
  networkPolicy,
  shop,
  toOrders,
} from '../../evaluate/__testUtils__/ask';
import { deployment, statedProfile } from '../../evaluate/__testUtils__/worlds';
import { LintRow, namespace, object, service } from './LintRow';

const CHECKOUT = 'podSelector: { matchLabels: { app: checkout } }';
const PORT = 'ports: [{ port: 8080 }]';
const byName = (name: string) =>
  `namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } }`;
const ingress = (from: string, ports = PORT) =>
  toOrders(`ingress: [{ from: [${from}], ${ports} }]`);
const teams =
  namespace('shop', 'team: shop') + namespace('other', 'team: other');
const pods = {
  network: { podCidrs: ['10.1.0.0/16'], nodeCidrs: [], serviceCidrs: [] },
};
const node = deployment('shop/agent', { pod: 'hostNetwork: true,' });

export const networkRows: readonly LintRow[] = [
  {
    code: 'all-ports',
    about: 'a peer without ports',
    why: 'P6: a rule without ports is about every port (Kubernetes, NetworkPolicyIngressRule.ports).',
    wrong: shop + ingress(`{ ${CHECKOUT} }`, ''),
    // A rule without peers either is open on purpose; what it opens is for reach to say.
    right:
      shop +
      ingress(`{ ${CHECKOUT} }`) +
      networkPolicy('{ podSelector: {}, egress: [{}] }', 'open'),
    field: 'spec.ingress[0]',
    says: ['NetworkPolicy shop/np', 'from'],
  },
  {
    code: 'empty-list',
    about: 'an empty list of peers',
    why: 'S1: an empty list of peers means everybody (Kubernetes, NetworkPolicyIngressRule.from).',
    wrong: shop + ingress(''),
    right: shop + toOrders('ingress: []') + ingress(`{ ${CHECKOUT} }`),
    field: 'spec.ingress[0].from',
    says: ['everybody'],
  },
  {
    code: 'namespace-label',
    about: 'a namespace by a label of its own',
    why: 'S4: the only label of a namespace that the API server sets is kubernetes.io/metadata.name.',
    ready: true,
    wrong:
      shop +
      teams +
      ingress('{ namespaceSelector: { matchLabels: { team: other } } }'),
    right:
      shop +
      teams +
      ingress(`{ ${byName('other')} }, { namespaceSelector: {} }`),
    field: 'spec.ingress[0].from[0].namespaceSelector',
    says: ['team', 'other'],
  },
  {
    code: 'peer-selects-nothing',
    about: 'a peer that no pod is',
    why: 'S4: a podSelector alone stays in the namespace of the policy.',
    wrong:
      shop + ingress('{ podSelector: { matchLabels: { app: stranger } } }'),
    // Of a namespace that is not in the estate, such as that of DNS, nothing is known.
    right:
      shop +
      ingress(
        `{ ${byName(
          'other',
        )}, podSelector: { matchLabels: { app: stranger } } },
         { ${byName(
           'kube-system',
         )}, podSelector: { matchLabels: { k8s-app: kube-dns } } }`,
      ),
    field: 'spec.ingress[0].from[0]',
    says: ['pods of shop'],
  },
  {
    code: 'host-network-selected',
    about: 'a peer on the host network',
    why: 'N1: labels do not match pods of the host network, whose packets have the address of the node.',
    wrong:
      shop + node + ingress('{ podSelector: { matchLabels: { app: agent } } }'),
    right: shop + node + ingress(`{ ${CHECKOUT} }, { podSelector: {} }`),
    field: 'spec.ingress[0].from[0]',
    says: ['shop/Deployment/agent'],
  },
  {
    code: 'host-network-selected',
    about: 'a policy of a pod on the host network',
    why: 'N1: most network plugins enforce no policy there (OpenShift documentation).',
    wrong:
      shop +
      node +
      networkPolicy('{ podSelector: { matchLabels: { app: agent } } }'),
    right: shop + node + networkPolicy('{ podSelector: {} }'),
    field: 'spec.podSelector',
    says: ['shop/Deployment/agent'],
  },
  {
    code: 'pod-cidr-block',
    about: 'pods by their addresses',
    why: 'N2: addresses of pods change hands, and what arrives may be another address.',
    wrong: shop + ingress('{ ipBlock: { cidr: 10.1.7.0/24 } }'),
    right:
      shop +
      ingress(
        '{ ipBlock: { cidr: 10.0.0.0/8 } }, { ipBlock: { cidr: 0.0.0.0/0 } }',
      ),
    profile: statedProfile(pods),
    field: 'spec.ingress[0].from[0].ipBlock.cidr',
    says: ['10.1.0.0/16'],
  },
  {
    code: 'service-port-in-policy',
    about: 'the port of the Service',
    why: 'P1: policies see the port of the pod (kubernetes/website#8295).',
    ready: true,
    wrong:
      shop +
      service('shop/orders', '{ name: http, port: 80, targetPort: 8080 }') +
      ingress(`{ ${CHECKOUT} }`, 'ports: [{ port: 80 }]'),
    right:
      shop +
      service('shop/orders', '{ name: http, port: 80, targetPort: 8080 }') +
      ingress(`{ ${CHECKOUT} }`, 'ports: [{ port: 8080 }, { port: 9999 }]'),
    field: 'spec.ingress[0].ports[0].port',
    says: ['is 80', 'shop/orders', '8080'],
  },
  {
    code: 'service-port-in-policy',
    about: 'the port of the Service on the way out',
    why: 'P1: egress rules too see the port of the pod, after the address of the Service is translated.',
    ready: true,
    wrong:
      shop +
      service('shop/orders', '{ name: http, port: 80, targetPort: http }') +
      networkPolicy(
        '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ podSelector: { matchLabels: { app: orders } } }], ports: [{ port: 80 }] }] }',
      ),
    // Somebody outside the cluster may listen on it.
    right:
      shop +
      service('shop/orders', '{ name: http, port: 80, targetPort: http }') +
      networkPolicy(
        '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ podSelector: { matchLabels: { app: orders } } }, { ipBlock: { cidr: 192.0.2.0/24 } }], ports: [{ port: 80 }] }] }',
      ),
    field: 'spec.egress[0].ports[0].port',
    says: ['8080'],
  },
  {
    code: 'named-port-unresolved',
    about: 'a port name that the selected pods do not have',
    why: '4.9: a named port resolves at each pod; without one it matches nothing.',
    wrong: shop + ingress(`{ ${CHECKOUT} }`, 'ports: [{ port: web }]'),
    right: shop + ingress(`{ ${CHECKOUT} }`, 'ports: [{ port: http }]'),
    field: 'spec.ingress[0].ports[0].port',
    says: ['"web"', 'shop/Deployment/orders'],
  },
  {
    code: 'no-effect',
    about: 'egress rules of a policy about ingress',
    why: 'S2: where policyTypes are stated, rules of another direction are ignored (Kubernetes, NetworkPolicySpec.policyTypes).',
    ready: true,
    wrong:
      shop +
      toOrders('policyTypes: [Ingress], egress: [{ ports: [{ port: 1 }] }]'),
    right: shop + toOrders('egress: [{ ports: [{ port: 1 }] }]'),
    field: 'spec.egress',
    says: ['policyTypes', 'stays open'],
  },
  {
    code: 'or-instead-of-and',
    about: 'namespace and pod labels in two entries',
    why: 'S3: two entries are alternatives (Kubernetes, behaviour of to and from selectors).',
    wrong:
      shop +
      ingress(
        `{ ${byName(
          'other',
        )} }, { podSelector: { matchLabels: { app: stranger } } }`,
      ),
    // Pods of the own namespace have the labels: two callers are meant.
    right: shop + ingress(`{ ${byName('other')} }, { ${CHECKOUT} }`),
    field: 'spec.ingress[0].from[1]',
    says: ['other/Deployment/stranger', 'alternative'],
  },
  {
    code: 'or-instead-of-and',
    about: 'pod labels beside every namespace',
    why: 'S3: the entry of every namespace admits the pods of the other entry already.',
    wrong: shop + ingress(`{ namespaceSelector: {} }, { ${CHECKOUT} }`),
    right: shop + ingress(`{ namespaceSelector: {}, ${CHECKOUT} }`),
    field: 'spec.ingress[0].from[1]',
    says: ['narrow nothing'],
  },
  {
    code: 'shadowed-rule',
    about: 'a narrow rule beside a wide one',
    why: 'S7: network policies only add up; a broad allow makes every narrower one meaningless.',
    wrong:
      shop +
      ingress(`{ ${CHECKOUT} }`) +
      networkPolicy(
        '{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8000, endPort: 9000 }] }] }',
        'wide',
      ),
    // Another port, another direction, other pods.
    right:
      shop +
      ingress(`{ ${CHECKOUT} }`) +
      networkPolicy(
        '{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 9000 }] }] }',
        'other-port',
      ) +
      networkPolicy(
        '{ podSelector: {}, policyTypes: [Egress], egress: [{}] }',
        'other-direction',
      ) +
      networkPolicy(
        '{ podSelector: { matchLabels: { app: checkout } }, ingress: [{}] }',
        'other-pods',
      ),
    field: 'spec.ingress[0]',
    says: ['NetworkPolicy shop/np', 'NetworkPolicy shop/wide', 'ingress[0]'],
  },
  {
    code: 'shadowed-rule',
    about: 'the same rule twice: the later one',
    why: 'S7: of two equal rules one is idle.',
    wrong:
      shop +
      ingress(`{ ${CHECKOUT} }`) +
      ingress(`{ ${CHECKOUT} }`).replace('name: np', 'name: twin'),
    right:
      shop +
      ingress(`{ ${CHECKOUT} }`) +
      // Pods that are not in the estate: whether the other rule names them is not known.
      ingress(`{ ${byName('later')} }`).replace('name: np', 'name: twin'),
    field: 'spec.ingress[0]',
    says: ['NetworkPolicy shop/twin:'],
  },
  {
    code: 'selects-nothing',
    about: 'a selector with a typing error',
    why: 'A policy that selects no pod isolates and admits nobody.',
    wrong:
      shop + networkPolicy('{ podSelector: { matchLabels: { app: oders } } }'),
    // A default for all pods of a namespace waits for what comes.
    right: shop + networkPolicy('{ podSelector: {} }', 'np', 'empty'),
    field: 'spec.podSelector',
    says: ['2 workloads of shop'],
  },
  {
    code: 'istio-chart-policy',
    about: "a policy of Istio's chart",
    why: 'N11: Helm charts of Istio can ship network policies of their own (release note 56877; labels as in the chart of istiod).',
    wrong:
      shop +
      object(
        'networking.k8s.io/v1',
        'NetworkPolicy',
        'istio-system/istiod',
        '{ podSelector: {} }',
        ', labels: { app: istiod, operator.istio.io/component: Pilot }',
      ),
    right: shop + networkPolicy('{ podSelector: {} }', 'own', 'istio-system'),
    says: ['istio-system/istiod'],
  },
];
