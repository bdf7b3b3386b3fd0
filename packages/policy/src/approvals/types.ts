import { SourcePosition } from '../source';

/**
 * Who approves by what they are to a request: owners of the API, owners of the
 * caller, the platform team.
 *
 * @public
 */
export type ApprovalRole = 'api-owner' | 'caller-owner' | 'platform';

/**
 * So many people of a role or a group have to approve.
 *
 * @public
 */
export type RequiredApproval = (
  | { role: ApprovalRole }
  | {
      /** full reference of a group */
      group: string;
    }
) & { count: number };

/**
 * A rule of who approves, in the order of its file.
 *
 * @public
 */
export interface ApprovalRule {
  /** unique in its file; shown to requester and deciders */
  name: string;
  /** the rule asks for its needs where this is true */
  when: string;
  needs: readonly RequiredApproval[];
  at: SourcePosition;
}

/**
 * A rule whose expression parsed and whose examples came out as they say.
 *
 * @public
 */
export interface CompiledApprovalRule {
  rule: ApprovalRule;
  /**
   * Is the rule about such a request?
   *
   * @throws Error where the expression cannot be decided for these values.
   */
  holds(values: Readonly<Record<string, unknown>>): boolean;
}
