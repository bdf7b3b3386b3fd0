import { Match, matchLabels } from '../../estate/podLabels';
import { asArray, asJson, asLabels, isJson } from '../../estate/json';
import type { KubernetesObject, Workload } from '../../estate/types';
import { labelSelector } from './labelSelectors';
import { ANYBODY, Scope, Subject } from './scope';

const isGateway = ({ gateway, router }: Workload) =>
  gateway !== undefined || router === true;

/** Filters that are attached to gateways or Services are in proxies of gateways and waypoints alone. */
function attached(
  refs: readonly unknown[],
  namespace: string | undefined,
): Scope['selects'] {
  return ({ workload }) => {
    if (!isGateway(workload)) return 'no';
    const others = refs
      .map(asJson)
      .every(
        ({ kind, name }) =>
          kind === 'Gateway' &&
          typeof name === 'string' &&
          workload.gateway !== undefined &&
          workload.gateway !== `${namespace ?? 'default'}/${name}`,
      );
    return others ? 'no' : 'maybe';
  };
}

function refsOf(spec: Record<string, unknown>): readonly unknown[] {
  const { targetRef, targetRefs } = spec;
  return [
    ...asArray(targetRefs),
    ...(targetRef === undefined ? [] : [targetRef]),
  ];
}

/**
 * An EnvoyFilter: `workloadSelector` or `targetRefs`, and the contexts of its patches. What is for calls that a sidecar sends,
 * or for gateways, is not in a sidecar's way in (istio.io, EnvoyFilter). A waypoint takes patches of both.
 */
export function envoyFilterScope(object: KubernetesObject): Scope {
  const { spec } = object;
  if (!isJson(spec)) return ANYBODY;
  const refs = refsOf(spec);
  const selector = spec.workloadSelector;
  const labels = isJson(selector) ? selector.labels : undefined;
  const contexts = asArray(spec.configPatches).map(
    patch => asJson(asJson(patch).match).context,
  );
  const isElsewhere = ({ workload }: Subject) => {
    if (contexts.length === 0 || workload.gateway !== undefined) return false;
    const elsewhere = workload.router
      ? ['SIDECAR_OUTBOUND', 'SIDECAR_INBOUND']
      : ['SIDECAR_OUTBOUND', 'GATEWAY'];
    return contexts.every(
      context => typeof context === 'string' && elsewhere.includes(context),
    );
  };
  const byLabels = ({ workload }: Subject): Match => {
    if (selector === undefined) return 'yes';
    return isJson(labels) ? matchLabels(asLabels(labels), workload) : 'maybe';
  };
  const selects =
    refs.length > 0 ? attached(refs, object.metadata.namespace) : byLabels;
  return {
    ...ANYBODY,
    selects: subject => (isElsewhere(subject) ? 'no' : selects(subject)),
  };
}

/** A WasmPlugin: `selector` or `targetRefs`; one that matches what clients send alone is in nobody's way in. */
export function wasmPluginScope(object: KubernetesObject): Scope {
  const { spec } = object;
  if (!isJson(spec)) return ANYBODY;
  const modes = asArray(spec.match).map(each => asJson(each).mode);
  const isOutbound = modes.length > 0 && modes.every(mode => mode === 'CLIENT');
  const refs = refsOf(spec);
  const matches = labelSelector(spec.selector);
  const selects =
    refs.length > 0
      ? attached(refs, object.metadata.namespace)
      : ({ workload }: Subject) => matches(workload);
  return {
    ...ANYBODY,
    selects: subject => (isOutbound ? 'no' : selects(subject)),
  };
}
