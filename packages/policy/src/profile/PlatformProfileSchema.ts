import { z } from 'zod';

const protocol = z.enum(['TCP', 'UDP', 'SCTP']);
const labels = z.record(z.string(), z.string());

const portNumber = z.number().int().min(1).max(65535);

/** An address or a CIDR of either family. Written as one pattern, so that the published schema says the same. */
const ADDRESSES = new RegExp(
  [
    `${body(z.regexes.ipv4)}(/(3[0-2]|[12]?[0-9]))?`,
    `${body(z.regexes.ipv6)}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?`,
  ]
    .map(each => `^(${each})$`)
    .join('|'),
);

function body(pattern: RegExp): string {
  return pattern.source.replace(/^\^|\$$/g, '');
}

const cidr = z
  .string()
  .regex(ADDRESSES, {
    error: ({ input }) => `${JSON.stringify(input)} is not a CIDR`,
  })
  .meta({ id: 'Cidr' });
const cidrs = z.array(cidr);

const port = z.strictObject({
  port: portNumber,
  endPort: portNumber.optional().describe('last port of a range'),
  protocol: protocol.default('TCP'),
});

const peer = z
  .strictObject({
    namespace: z.string().optional(),
    podLabels: labels.optional(),
    namespaceLabels: labels.optional(),
    serviceAccount: z.string().optional().describe('for the identity layer'),
    cidrs: cidrs.optional(),
    ports: z.array(port).min(1),
  })
  .meta({ id: 'Peer' });

const peers = (text: string) => z.array(peer).optional().describe(text);
const text = (what: string) => z.string().optional().describe(what);
const flag = (what: string) => z.boolean().optional().describe(what);

const mesh = z.strictObject({
  mode: z
    .enum(['sidecar', 'ambient', 'none'])
    .optional()
    .describe('what runs beside pods where no label or annotation says it'),
  istioVersion: text('version of istiod'),
  rootNamespace: text('meshConfig.rootNamespace; default istio-system'),
  trustDomain: text('meshConfig.trustDomain; default cluster.local'),
  trustDomainAliases: z
    .array(z.string())
    .optional()
    .describe('meshConfig.trustDomainAliases'),
  pathNormalization: z
    .enum(['NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'])
    .optional()
    .describe('meshConfig.pathNormalization.normalization; default BASE'),
  ztunnelVersion: text('version of ztunnel'),
  sidecarHbone: flag(
    'ISTIO_META_ENABLE_HBONE of the mesh: do sidecars take HBONE?',
  ),
  sendsHbone: flag(
    'PILOT_ENABLE_SENDING_HBONE of istiod: do sidecars send HBONE to ambient pods? Default: since Istio 1.23',
  ),
  ambientDryRun: flag(
    'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY of istiod; default false',
  ),
  autoAllowWaypoint: flag(
    'PILOT_AUTO_ALLOW_WAYPOINT_POLICY of istiod; default false',
  ),
  layeredWaypointPolicies: flag(
    'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES of istiod; default false',
  ),
  network: text('topology.istio.io/network of the cluster'),
});

const cni = z.strictObject({
  name: text('what gives pods their addresses and enforces network policies'),
  ipBlockMatchesPods: flag('does an ipBlock match pods? default true'),
  ipBlockMatchesNodes: flag('does an ipBlock match nodes? default true'),
  enforcesNetworkPolicy: flag('default true'),
  fqdnPolicies: flag('has policies by host name; default false'),
});

const network = z.strictObject({
  podCidrs: cidrs.optional().describe('addresses of pods'),
  nodeCidrs: cidrs.optional().describe('addresses of nodes'),
  serviceCidrs: cidrs.optional().describe('addresses of Services'),
});

/** A group or user of the catalog, with its kind. Its parts are those of {@link parseEntityRefText}. */
const OWNER =
  /^(group|user):([a-zA-Z0-9]+(-[a-zA-Z0-9]+)*\/)?[a-zA-Z0-9]+([-_.]+[a-zA-Z0-9]+)*$/;
/** The same with the value of a label for the name. */
const OWNER_FROM_LABEL =
  /^(group|user):([a-zA-Z0-9]+(-[a-zA-Z0-9]+)*\/)?[-a-zA-Z0-9_.]*\{value\}[-a-zA-Z0-9_.]*$/;

const owner = z
  .string()
  .regex(OWNER, {
    error: ({ input }) =>
      `${JSON.stringify(
        input,
      )} is no group or user, such as group:default/orders-team`,
  })
  .meta({ id: 'Owner' });

const owners = z.union(
  [
    z.strictObject({
      namespaces: z
        .union([z.array(z.string().min(1)).min(1), labels])
        .describe('names, or labels that a namespace has'),
      selector: labels
        .optional()
        .describe('labels that the pods have; default all pods'),
      owner,
    }),
    z.strictObject({
      fromNamespaceLabel: z.string().min(1),
      as: z.string().regex(OWNER_FROM_LABEL, {
        error: ({ input }) =>
          `${JSON.stringify(
            input,
          )} is no pattern of a group or user, such as group:default/{value}`,
      }),
    }),
  ],
  {
    error:
      'an entry has namespaces and owner (a group or user, such as group:default/orders-team), or fromNamespaceLabel and as (such as group:default/{value})',
  },
);

const owned = z.strictObject({
  cidrs: cidrs.optional().describe('blocks of addresses outside the cluster'),
  identities: z.array(z.string().min(1)).optional().describe('SPIFFE ids'),
  hosts: z.array(z.string().min(1)).optional().describe('names of hosts'),
  owner,
});

const gateway = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  podLabels: labels.optional(),
  serviceAccount: z.string().optional(),
  purpose: z.enum(['ingress', 'egress', 'east-west']).optional(),
});

const kindOfPods = { group: z.string(), kind: z.string() };

const workloadKind = z.union(
  [
    z.strictObject({
      ...kindOfPods,
      templatePath: z
        .string()
        .regex(/^([^.\s[\]]+(\[\])?(\.[^.\s[\]]+(\[\])?)*)?$/, {
          error: ({ input }) =>
            `${JSON.stringify(
              input,
            )} is no path of fields, such as spec.template or spec.groups[].template`,
        })
        .describe(
          'dotted path of the pod template; [] after a field stands for each item of its list',
        ),
    }),
    z.strictObject({
      ...kindOfPods,
      pods: z
        .strictObject({
          labels: labels.describe('{name} stands for the name of the object'),
          labelsPath: z
            .string()
            .regex(/^[^.\s[\]]+(\.[^.\s[\]]+)*$/)
            .optional()
            .describe('dotted path of further labels in the object'),
          serviceAccount: z
            .string()
            .min(1)
            .describe('{name} stands for the name of the object'),
          ports: z
            .array(
              z.strictObject({
                name: z.string().min(1).optional(),
                port: portNumber,
                protocol: protocol.default('TCP'),
              }),
            )
            .optional()
            .describe('those of its containers'),
        })
        .describe('what its operator makes, where no field has a template'),
    }),
  ],
  {
    error:
      'an entry has group, kind and templatePath (such as spec.template or spec.groups[].template), or group, kind and pods with labels and serviceAccount',
  },
);

/**
 * The file of a platform profile. Unknown fields are errors; what is left out
 * is found in the estate, or assumed as {@link defaultPlatformProfile} says and
 * listed as a guess. `schema/platform-profile.schema.json` is the same for
 * editors.
 */
export const platformProfileSchema = z
  .strictObject({
    apiVersion: z.literal('callgate.dev/v1alpha1'),
    kind: z.literal('PlatformProfile'),
    metadata: z.strictObject({
      name: z.string().min(1).describe('name of the cluster'),
      title: z.string().optional(),
      description: z.string().optional(),
      labels: labels.optional(),
      annotations: labels.optional(),
    }),
    spec: z
      .strictObject({
        environments: z
          .array(z.string())
          .optional()
          .describe('words that `in:` of a grant may use for this cluster'),
        namespace: z
          .string()
          .min(1)
          .optional()
          .describe(
            'namespace to which manifests are applied that name none; default: default, with a finding',
          ),
        mesh: mesh.optional(),
        cni: cni.optional(),
        network: network.optional(),
        dns: peers('where pods look names up; the ports are those of the pods'),
        controlPlane: peers('where sidecars find istiod'),
        scrapers: peers('who reads metrics'),
        telemetry: peers('where pods send metrics, logs and traces'),
        probes: peers("where the kubelet's probes of ambient pods come from"),
        apiServer: peers(
          'where pods find the API server, after address translation',
        ),
        eastWest: z
          .array(
            z.strictObject({
              cluster: z.string(),
              addresses: z.array(z.string()).min(1),
              port: portNumber.default(15008),
            }),
          )
          .optional()
          .describe('how this cluster is reached from another network'),
        gateways: z
          .array(gateway)
          .optional()
          .describe('proxies at the edge that no Gateway of Istio describes'),
        trust: z
          .strictObject({
            platform: z.strictObject({
              users: z.array(z.string().min(1)).default([]),
              groups: z.array(z.string().min(1)).default([]),
            }),
          })
          .optional()
          .describe('who may change what the layers rest on'),
        owners: z
          .array(owners)
          .optional()
          .describe('whose the workloads are; the first that fits counts'),
        addresses: z
          .array(owned)
          .optional()
          .describe(
            'whose addresses, identities and host names outside the cluster are; the smallest block counts',
          ),
        workloadKinds: z
          .array(workloadKind)
          .optional()
          .describe('further kinds with pods; a kind may have several entries'),
      })
      .default({}),
  })
  .meta({
    title: 'Platform profile of Callgate',
    description: 'What generating and judging must know about one cluster',
  });
