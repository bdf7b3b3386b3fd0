import type { TakesFrom } from '../../estate/gatewayExposure';
import { SourcePosition } from '../../source';

/**
 * Where the value of a field of the profile is from.
 *
 * - `stated`: the profile states it, and no object says something else.
 * - `found`: objects of the estate say it.
 * - `guessed`: nobody says it; a default is used.
 * - `contradicts`: profile and objects, or objects alone, say different things.
 *
 * @public
 */
export type ProfileEntryState = 'stated' | 'found' | 'guessed' | 'contradicts';

/**
 * What one object says about a field.
 *
 * @public
 */
export interface ProfileSource {
  value: unknown;
  /** `Kind namespace/name`; `Kind name` outside namespaces. */
  object: string;
  at: SourcePosition;
  /** Of a gateway: from where calls come to it, as its Services and addresses say. */
  takesFrom?: TakesFrom;
  /** Of a gateway: addresses of the internet that it asks for or has. */
  addresses?: readonly string[];
  /** Of a gateway: false where its controller says that it takes no calls for now. */
  isProgrammed?: false;
}

/**
 * A line to add to the profile.
 *
 * @public
 */
export interface ProfileLine {
  /** Dotted path of the group that it stands in: `spec`, `spec.mesh`. */
  below: string;
  /** One line of YAML, without indentation. */
  text: string;
  /**
   * What the value is from: `default` states what is assumed, `suggested` is what objects let one guess, `example` has to be
   * replaced.
   */
  from: 'default' | 'suggested' | 'example';
  /** Of a suggested one: the objects that suggest it, as `Kind namespace/name`. */
  suggestedBy?: string[];
}

/**
 * One field of the platform profile: what is used of it, and who says so.
 *
 * @public
 */
export interface ProfileEntry {
  /** Dotted path below `spec`. */
  field: string;
  state: ProfileEntryState;
  /** What is used; `undefined` where nothing is. */
  value: unknown;
  /** Where the profile states it. */
  stated?: { value: unknown; at: SourcePosition };
  /**
   * Objects that say it; of a contradiction those that say something else than the profile. Of `gateways` each that is there, also
   * where the profile states them: what is stated has the place of its pods.
   */
  found: ProfileSource[];
  /** Of a contradiction: which is used. `found` only where that is the stricter one. */
  uses?: 'stated' | 'found' | 'default';
  /** True where verdicts rest on the value, and are conditional. */
  isConditional: boolean;
  /** Of a field that is guessed: objects that let one guess what to state. They are not believed. */
  suggestedBy: ProfileSource[];
  /**
   * Of a field that is guessed: the line that would state it. Of scrapers a line each: anybody may run one, and whoever states
   * all of them lets a stranger's in with their own.
   */
  lines: ProfileLine[];
  /** Kinds of which objects could say it, as `group/Kind`; none where only the profile can. */
  saidBy: readonly string[];
}

/**
 * How the kubelet's probes get to some workloads once network policies close these.
 *
 * - `node`: from the node that the pod runs on, which no policy keeps out.
 * - `address`: from the address of `probes`, which generated policies admit.
 * - `refused`: nothing lets them through.
 * - `unknown`: whether they are in ambient mode is not known.
 *
 * @public
 */
export interface ProbeWay {
  way: 'node' | 'address' | 'refused' | 'unknown';
  /** How many. */
  workloads: number;
  /** Ports of the pods that probes go to, as their containers state them; sorted. */
  ports: number[];
  /** `namespace/Kind/name` of the first. */
  example: string;
}

/**
 * The kubelet's probes over the network.
 *
 * @public
 */
export interface ProbeReport {
  /** How many workloads have any. */
  workloads: number;
  ways: ProbeWay[];
  /** From where those of the way `address` come: addresses and blocks of the field `probes`; absent where none do. */
  addresses?: string[];
  /** What keeps out the node that pods run on; absent where nothing does, or no workload is met. */
  closedBy?: ProfileSource;
}

/**
 * What is known of one cluster's platform.
 *
 * @public
 */
export interface ProfileReport {
  cluster: string;
  /** True where a profile states any field. */
  hasProfile: boolean;
  /** Namespaces of Istio's control plane whose objects are believed. */
  meshNamespaces: string[];
  /** One for every field, in the order of the documentation. */
  entries: ProfileEntry[];
  probes: ProbeReport;
  /** Kinds that could say something about a field and of which the estate has no object, as `group/Kind`, sorted. */
  missingKinds: string[];
}
