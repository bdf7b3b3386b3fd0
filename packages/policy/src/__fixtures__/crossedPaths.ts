/**
 * Paths of `width` segments, one of them a literal, each with its own end: an
 * automaton has a state for each set of literals that it may have seen. 2^24
 * are more than the budget of 100,000 states; 2^11 are not, but the pairs of
 * two such lists with different literals are.
 */
export function crossedPaths(width: number, literal: string): string[] {
  return Array.from({ length: width }, (_, at) => {
    const segments = Array.from({ length: width }, (_each, i) =>
      i === at ? literal : '{*}',
    );
    return `/${segments.join('/')}/end-${at}`;
  });
}

/** A hand-written policy about `orders` in the shop with such paths. */
export function crossedPolicy(
  width: number,
  literal: string,
  action: 'ALLOW' | 'DENY' = 'ALLOW',
): string {
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: by-hand, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  action: ${action}
  rules: [{ to: [{ operation: { paths: ${JSON.stringify(
    crossedPaths(width, literal),
  )} } }] }]
`;
}
