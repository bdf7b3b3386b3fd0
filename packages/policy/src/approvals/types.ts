import { SourcePosition } from '../source';

/**
 * Who approves by what they are to a request: owners of the API, owners of the
 * caller, the platform team, the security team.
 *
 * @public
 */
export type ApprovalRole =
  | 'api-owner'
  | 'caller-owner'
  | 'platform'
  | 'security';

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
  /** the rule holds where this is true */
  when: string;
  /** who has to approve then; empty where the rule asks for nobody */
  needs: readonly RequiredApproval[];
  /** nobody has to approve then, unless something else asks for somebody */
  auto?: true;
  /** such access lasts at most so many days, counted from when it is asked for */
  maxDays?: number;
  /** it lasts so many days where nobody says it */
  defaultDays?: number;
  /** grants of such access are reviewed again after so many days */
  reviewEvery?: number;
  /** in which text it stands */
  source: 'repository' | 'configuration';
  at: SourcePosition;
}

/**
 * When those who decide are reminded, and who hears of it in the end. Hours,
 * counted from when a request began to wait.
 *
 * @public
 */
export interface Escalation {
  remindHours?: number;
  /** with `to` only */
  afterHours?: number;
  /** full reference of a group, which hears of it and decides nothing by that */
  to?: string;
}

/**
 * Why an automatic rule is not counted although its expression is true: it
 * reads what the caller's own team writes, and nobody else confirms that here.
 * `caller-system`: the system that the caller names is not one of its owners',
 * or another one from where the API stands. `caller-owners`: the caller names
 * several owners, or none.
 *
 * @public
 */
export type CallerClaim = 'caller-system' | 'caller-owners';

/**
 * A rule whose expression parsed and whose examples came out as they say.
 *
 * @public
 */
export interface CompiledApprovalRule {
  rule: ApprovalRule;
  /** of an automatic rule: what it reads that the caller's team writes and others can confirm */
  claims: readonly CallerClaim[];
  /**
   * Is the rule about such a request?
   *
   * @throws Error where the expression cannot be decided for these values.
   */
  holds(values: Readonly<Record<string, unknown>>): boolean;
}
