/**
 * Objects of one kind and namespace of a cluster, as a file.
 *
 * @public
 */
export interface ClusterFile {
  /** Where people find them again, such as `prod/networkpolicies/shop.yaml`. */
  path: string;
  /** A list in JSON, one object a line. */
  text: string;
  /** It is what the cluster says it has, with all that its API server filled in. */
  observed?: true;
}
