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
