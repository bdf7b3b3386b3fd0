/**
 * What a policy of others may do to access that it touches, where nobody judges what it says. Those that only refuse cannot
 * open what network policies and Istio keep closed.
 *
 * @public
 */
export type MayDo = 'refuse' | 'open-or-refuse';

/**
 * A gap of its own class: a policy that Callgate did not write and does not judge touches ends of access. It is there before
 * and after a change, so that it blocks nothing; whoever decides is told of it once.
 *
 * @public
 */
export interface PolicyOfOthers {
  cluster: string;
  /** API group, such as `cilium.io`: kinds of several groups have one name. */
  group: string;
  kind: string;
  /** Absent for what is not in a namespace. */
  namespace?: string;
  name: string;
  may: MayDo;
  /** Workloads of the access in question that it touches, `namespace/Kind/name`, sorted. */
  ends: readonly string[];
}
