import {
  accessReadPermission,
  type Explanation,
} from '@callgate/plugin-callgate-common';
import { describeFinding } from '@callgate/plugin-callgate-node';
import { type ActionParts, READS } from './ActionParts';

/** `explain-call`: whether one call gets through, hop by hop. */
export function registerExplainCall({ registry, callgate }: ActionParts): void {
  registry.register({
    name: 'explain-call',
    title: 'Explain why a call is allowed or refused',
    description: `Says for one call between software of the catalog whether it gets through, in each cluster, hop by hop, with the policy that decides at each.
Where it is refused, wouldAllow has the smallest changes of manifests that would let it through. They are an explanation: nothing applies them, and access is asked for with preview-access and request-access.
It works out what the manifests enforce. It makes no call, and changes nothing.`,
    attributes: READS,
    visibilityPermission: accessReadPermission,
    schema: {
      input: zod =>
        zod.object({
          caller: zod
            .string()
            .describe('Entity ref of the caller: component:default/checkout'),
          api: zod
            .string()
            .describe('Entity ref of the API: api:default/orders'),
          method: zod
            .string()
            .optional()
            .describe(
              'HTTP method such as GET; without method and path the connection alone is explained',
            ),
          path: zod.string().optional().describe('Path such as /orders/7'),
          host: zod
            .string()
            .optional()
            .describe('Host that the call names; without it any of the API'),
          port: zod.number().int().optional(),
          protocol: zod.enum(['TCP', 'UDP', 'SCTP']).optional(),
          cluster: zod
            .string()
            .optional()
            .describe('Only this cluster; without it all'),
        }),
      output: zod =>
        zod.object({
          clusters: zod.array(
            zod.object({
              cluster: zod.string(),
              verdict: zod.enum(['allow', 'deny', 'conditional', 'unknown']),
              from: zod.string(),
              to: zod.string(),
              hops: zod.array(
                zod.object({
                  at: zod.string(),
                  layer: zod.string(),
                  verdict: zod.enum(['allow', 'deny', 'conditional']),
                  text: zod.string(),
                }),
              ),
              conditions: zod.array(zod.string()),
              wouldAllow: zod.array(zod.string()),
              findings: zod.array(zod.string()),
            }),
          ),
        }),
    },
    action: async ({ input, credentials }) => {
      const explained = await callgate.explain(input, credentials);
      return { output: { clusters: explained.map(toCluster) } };
    },
  });
}

function toCluster(explanation: Explanation) {
  const { cluster, verdict, from, to, hops, conditions } = explanation;
  return {
    cluster,
    verdict,
    from,
    to,
    hops: hops.map(hop => ({
      at: hop.at,
      layer: hop.layer,
      verdict: hop.verdict,
      text: hop.text,
    })),
    conditions,
    wouldAllow: explanation.changes.map(({ text }) => text),
    findings: explanation.findings.map(describeFinding),
  };
}
