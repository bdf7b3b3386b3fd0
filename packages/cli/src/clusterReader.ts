/**
 * What reads clusters. It brings Kubernetes' client along, which takes longer to load than most commands run: only those that
 * ask a cluster do.
 */
export function clusterReader(): typeof import('@callgate/cluster-reader') {
  // `import()` would not go through what loads TypeScript in a checkout.
  return require('@callgate/cluster-reader');
}
