import { z } from 'zod';

const protocol = z.enum(['TCP', 'UDP', 'SCTP']);
const labels = z.record(z.string(), z.string());

const portNumber = z.number().int().min(1).max(65535);

const peer = z.strictObject({
  namespace: z.string().optional(),
  podLabels: labels.optional(),
  namespaceLabels: labels.optional(),
  serviceAccount: z.string().optional(),
  cidrs: z.array(z.string()).optional(),
  ports: z
    .array(
      z.strictObject({
        port: portNumber,
        endPort: portNumber.optional(),
        protocol: protocol.default('TCP'),
      }),
    )
    .min(1),
});

/**
 * The file of a platform profile. Unknown fields are errors; what is left out
 * is assumed as {@link defaultPlatformProfile} says, and listed as a guess.
 */
export const platformProfileSchema = z.strictObject({
  apiVersion: z.literal('callgate.dev/v1alpha1'),
  kind: z.literal('PlatformProfile'),
  metadata: z.strictObject({
    name: z.string().min(1),
    title: z.string().optional(),
    description: z.string().optional(),
    labels: labels.optional(),
    annotations: labels.optional(),
  }),
  spec: z
    .strictObject({
      environments: z.array(z.string()).optional(),
      mesh: z
        .strictObject({
          mode: z.enum(['sidecar', 'ambient', 'none']).optional(),
          istioVersion: z.string().optional(),
          rootNamespace: z.string().optional(),
          trustDomain: z.string().optional(),
          trustDomainAliases: z.array(z.string()).optional(),
          pathNormalization: z
            .enum(['NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'])
            .optional(),
          ztunnelVersion: z.string().optional(),
          ambientDryRun: z.boolean().optional(),
          autoAllowWaypoint: z.boolean().optional(),
          layeredWaypointPolicies: z.boolean().optional(),
          network: z.string().optional(),
        })
        .optional(),
      cni: z
        .strictObject({
          name: z.string().optional(),
          ipBlockMatchesPods: z.boolean().optional(),
          ipBlockMatchesNodes: z.boolean().optional(),
          enforcesNetworkPolicy: z.boolean().optional(),
          fqdnPolicies: z.boolean().optional(),
        })
        .optional(),
      network: z
        .strictObject({
          podCidrs: z.array(z.string()).optional(),
          nodeCidrs: z.array(z.string()).optional(),
          serviceCidrs: z.array(z.string()).optional(),
        })
        .optional(),
      dns: z.array(peer).optional(),
      controlPlane: z.array(peer).optional(),
      scrapers: z.array(peer).optional(),
      telemetry: z.array(peer).optional(),
      probes: z.array(peer).optional(),
      apiServer: z.array(peer).optional(),
      eastWest: z
        .array(
          z.strictObject({
            cluster: z.string(),
            addresses: z.array(z.string()).min(1),
            port: portNumber.default(15008),
          }),
        )
        .optional(),
      gateways: z
        .array(
          z.strictObject({
            namespace: z.string(),
            name: z.string(),
            podLabels: labels.optional(),
            serviceAccount: z.string().optional(),
            purpose: z.enum(['ingress', 'egress', 'east-west']).optional(),
          }),
        )
        .optional(),
      trust: z
        .strictObject({
          platform: z.strictObject({
            users: z.array(z.string().min(1)).default([]),
            groups: z.array(z.string().min(1)).default([]),
          }),
        })
        .optional(),
      workloadKinds: z
        .array(
          z.strictObject({
            group: z.string(),
            kind: z.string(),
            templatePath: z.string(),
          }),
        )
        .optional(),
    })
    .default({}),
});
