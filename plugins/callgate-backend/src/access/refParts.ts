/**
 * The parts of a reference `kind:namespace/name` as it is written; empty where there is no such part. What a name may be is
 * asked of the catalog, not decided here.
 */
export function refParts(ref: string): {
  kind: string;
  namespace: string;
  name: string;
} {
  const colon = ref.indexOf(':');
  const slash = ref.indexOf('/', colon + 1);
  return {
    kind: colon < 0 ? '' : ref.slice(0, colon),
    namespace: slash < 0 ? '' : ref.slice(colon + 1, slash),
    name: slash < 0 ? ref.slice(colon + 1) : ref.slice(slash + 1),
  };
}

/** The parts of a workload's id `namespace/Kind/name`; `undefined` for what is none, such as a block of addresses. */
export function workloadParts(
  id: string,
): { namespace: string; kind: string; name: string } | undefined {
  const [namespace, kind, name] = id.split('/');
  // Addresses have no more than one slash.
  return name === undefined || kind === ''
    ? undefined
    : { namespace, kind, name };
}
