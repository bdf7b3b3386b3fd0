import { Isolation } from '../../plan/types';
import { metadataOf, ORDER } from '../metadata';
import { objectName } from '../names';
import { EmitInput, Emitter, GeneratedObject } from '../types';
import { authorizationRules, splitRules } from './authorizationRules';

/**
 * ALLOW policies of one workload: for each API one, or several where the CRD's limits demand it. Without a rule the policy
 * still stands and refuses everything (Istio, AuthorizationPolicy: ALLOW that matches nothing).
 */
function authorizationPolicies(
  isolation: Isolation,
  input: EmitInput,
): GeneratedObject[] {
  const { workload } = isolation;
  return isolation.apis.flatMap((api, index) => {
    const edges = input.edges.filter(
      edge => edge.api === api && edge.to.id === workload.id,
    );
    const plumbing = input.plumbing.filter(
      ({ direction, workload: about }) =>
        index === 0 && direction === 'ingress' && about.id === workload.id,
    );
    return splitRules(authorizationRules(edges, plumbing)).map(
      (rules, portion) => ({
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: metadataOf({
          name: objectName(
            api,
            workload,
            portion === 0 ? [] : [String(portion + 1)],
          ),
          namespace: workload.namespace,
          api,
          grants: edges.map(({ grantId }) => grantId),
          order: ORDER.ingress,
          ...(isolation.mode === 'audit' && {
            annotations: { 'istio.io/dry-run': 'true' },
          }),
        }),
        spec: {
          selector: { matchLabels: workload.selector },
          action: 'ALLOW',
          ...(rules.length > 0 && { rules }),
        },
      }),
    );
  });
}

/** Mutual TLS for one workload, with exceptions for the ports that callers without mesh are granted. */
function peerAuthentication(isolation: Isolation): GeneratedObject {
  const { workload, permissivePorts, apis } = isolation;
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: metadataOf({
      name: objectName(apis[0], workload),
      namespace: workload.namespace,
      api: apis[0],
      order: ORDER.strict,
    }),
    spec: {
      selector: { matchLabels: workload.selector },
      mtls: { mode: 'STRICT' },
      ...(permissivePorts.length > 0 && {
        portLevelMtls: Object.fromEntries(
          permissivePorts.map(port => [String(port), { mode: 'PERMISSIVE' }]),
        ),
      }),
    },
  };
}

/**
 * The identity and method layers of a mesh with sidecars. In audit, policies are dry-run and mutual TLS stays as it is.
 *
 * @public
 */
export const istioEmitter: Emitter = {
  name: 'istio',
  capabilities: { layers: ['identity', 'method'], dryRun: true },
  emit(input) {
    const inMesh = input.isolations.filter(
      ({ direction, layers, mode }) =>
        direction === 'ingress' && layers.identity && mode !== 'observe',
    );
    return inMesh.flatMap(isolation => [
      ...authorizationPolicies(isolation, input),
      ...(isolation.mode === 'enforce' ? [peerAuthentication(isolation)] : []),
    ]);
  },
};
