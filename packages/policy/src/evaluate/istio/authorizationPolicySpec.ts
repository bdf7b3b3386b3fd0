import { Labels } from '../../estate/types';

export type Action = 'ALLOW' | 'DENY' | 'CUSTOM' | 'AUDIT';

/** A list of values and its negative twin. Absent lists say nothing. */
export interface Field {
  name: string;
  values?: readonly string[];
  notValues?: readonly string[];
}

/** A `when` entry. */
export interface When extends Field {
  index: number;
}

export interface AuthorizationRule {
  index: number;
  /** Fields of each source; absent: any source (docs/semantics.md, S1). */
  from?: Field[][];
  /** Fields of each operation; absent: any operation. */
  to?: Field[][];
  when: When[];
}

/** One entry of `targetRefs`. */
export interface PolicyTarget {
  /** `''` for the core group. */
  group: string;
  kind: string;
  name: string;
  namespace?: string;
}

export interface AuthorizationPolicySpec {
  action: Action;
  isDryRun: boolean;
  /** `matchLabels`; absent: every workload in scope. */
  selector?: Labels;
  /** What it is for; empty: workloads. Sidecars and ztunnel do not use one with targets (docs/semantics.md, A5). */
  targets: PolicyTarget[];
  rules: AuthorizationRule[];
}
