import type { Gap, GrantOperation } from '../model/types';
import type {
  KeptAccess,
  LeftOut,
  ObjectOrigin,
  ProposedCaller,
} from './types';

/** A grant that is not written yet. */
export interface DraftGrant {
  caller: string;
  /** Clusters in which it holds; absent where caller and API run in one alone. */
  in?: readonly string[];
  operations: readonly GrantOperation[];
  acknowledges: readonly Gap[];
  by: readonly ObjectOrigin[];
  /** What it says, in case that it cannot be granted. */
  places: KeptAccess['places'];
}

/** What is in force for one API, as grants and what they cannot say. */
export interface ApiDraft {
  api: string;
  state: 'draft' | 'open' | 'left-out';
  leftOut?: LeftOut;
  grants: readonly DraftGrant[];
  kept: readonly KeptAccess[];
  /** `<cluster> <workload>` of what provides it. */
  providers: ReadonlySet<string>;
  /** The same of waypoints before it. */
  waypoints: ReadonlySet<string>;
  /** The same of those who call by a grant. */
  callers: ReadonlySet<string>;
  proposed: readonly ProposedCaller[];
  /** Clusters in which everyone can call it, sorted. */
  openIn: readonly string[];
}

/** Names a workload of a cluster. */
export function placeKey(cluster: string, workload: string): string {
  return `${cluster} ${workload}`;
}
