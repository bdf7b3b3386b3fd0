import { Check } from './LintContext';
import { edgeOf } from './edge';
import { few, notice } from './notice';

/**
 * Policies of whole namespaces that close gateways as well: one of the root namespace holds at every proxy of the mesh, and a
 * gateway without an ALLOW of its own then refuses all that comes from outside.
 */
export const closedGateways: Check = context => {
  const { cluster, world, authorizations } = context;
  const edge = edgeOf(context);
  if (edge.length === 0) return [];
  return authorizations.flatMap(({ manifest, spec, targets, policy }) => {
    const isWhole =
      targets.length === 0 && Object.keys(spec.selector ?? {}).length === 0;
    if (!isWhole || spec.isDryRun) return [];
    const admitsNobody = spec.action === 'ALLOW' && spec.rules.length === 0;
    if (!admitsNobody) return [];
    const shut = edge
      .filter(gateway => {
        const held = world.authorization.ofGateway(gateway.gateway, gateway);
        return (
          held.includes(policy) &&
          held.every(
            each =>
              each.spec.action !== 'ALLOW' || each.spec.rules.length === 0,
          )
        );
      })
      .map(({ id }) => id);
    if (shut.length === 0) return [];
    const isRoot = policy.namespace === cluster.profile.mesh.rootNamespace;
    return [
      notice('gateway-closed', {
        manifest,
        text: `admits nobody at ${few(shut)} either: ${
          isRoot
            ? 'a policy of the root namespace without a selector holds at gateways too'
            : 'a policy without a selector holds for every proxy of its namespace'
        }, and no other one admits what comes from outside.`,
        others: shut,
      }),
    ];
  });
};
