/**
 * What somebody asks for, as code is asked about it. Refs are full and lower case; ask the catalog for more of an entity.
 *
 * @public
 */
export interface ApprovalQuestion {
  api: string;
  caller: string;
  /** Ref of whoever asks, where it is a person. */
  requestedBy?: string;
  /** `new`, `confirm`, `change`, `renew` or `end`. */
  kind: string;
  /** Whether anything but reading is asked for, as far as methods tell. */
  writes: boolean;
  /** Empty: every method. */
  methods: readonly string[];
  operations: readonly string[];
  /** What stays unenforced, and is accepted. */
  gaps: readonly string[];
  clusters: readonly string[];
  environments: readonly string[];
  /** How many days it is to last from when it was asked for; 0: no end. */
  days: number;
}

/**
 * So many people of a role or a group have to approve.
 *
 * @public
 */
export type AddedApproval = (
  | { role: 'api-owner' | 'caller-owner' | 'platform' | 'security' }
  | {
      /** Ref of a group. */
      group: string;
    }
) & {
  /** 1 to 10; 1 by default. */
  count?: number;
};

/**
 * Code that asks for approvals where a rule in words cannot say when. It only adds: nothing that it answers takes away what
 * rules, guardrails or other code ask for.
 *
 * @public
 */
export interface ApprovalEvaluator {
  /** Shown to requester and deciders: small letters, digits and single `-` between them; unique. */
  readonly name: string;
  /** For people: when it asks. */
  readonly description: string;
  /** Who has to approve where it throws, gives no answer in time, or one that cannot be used. At least one. */
  readonly otherwise: readonly AddedApproval[];
  /**
   * Says who else has to approve; an empty list: nobody. It is asked for every preview, page and decision, so it should be fast;
   * after five seconds it is not waited for.
   */
  evaluate(
    question: ApprovalQuestion,
    options: { signal: AbortSignal },
  ): Promise<readonly AddedApproval[]>;
}
