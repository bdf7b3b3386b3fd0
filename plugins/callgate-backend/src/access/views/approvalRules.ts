import type {
  ApprovalRuleInfo,
  ApprovalRules,
} from '@callgate/plugin-callgate-common';
import type { ApprovalEvaluator } from '@callgate/plugin-callgate-node';
import type { RequiredApproval } from '@callgate/policy';
import { versionOf } from '../../proposals/automatic';
import type { Snapshot } from '../../proposals/types';
import type { Discretion } from './Discretion';
import { toFinding } from './findings';
import { nameOf, type LabelOf } from './Labels';
import { shortVersion } from '../../approval/ruleAt';

const ROLES = {
  'api-owner': 'the owners of the API',
  'caller-owner': 'the owners of the caller',
  platform: 'the platform team',
  security: 'the security team',
} as const;

/** The rules of who approves as they hold now, for anybody who may read who can call what. */
export function toApprovalRules(
  snapshot: Snapshot,
  evaluators: readonly ApprovalEvaluator[],
  labelOf: LabelOf,
  discretion: Discretion,
): ApprovalRules {
  const { approvalRules, escalate, standIns, findings, source } = snapshot;
  const standIn = standIns.approvals;
  const blocking = snapshot.blocking.some(
    ({ code }) => code === 'approvals-invalid',
  );
  return {
    rules: approvalRules.map(({ rule }): ApprovalRuleInfo => {
      const { name, when, needs, auto, at } = rule;
      const { maxDays, defaultDays, reviewEvery } = rule;
      // What it names to somebody who may not see that, it says to nobody like them.
      const hidden = discretion.hidesName(when);
      const version = versionOf(snapshot, rule.source);
      return {
        name,
        ...(!hidden && { when }),
        needs: needs.map(each => needText(each, labelOf)),
        automatic: auto === true,
        ...(maxDays !== undefined && { maxDays }),
        ...(defaultDays !== undefined && { defaultDays }),
        ...(reviewEvery !== undefined && { reviewEvery }),
        source: rule.source,
        file: at.file,
        ...(at.line !== undefined && { line: at.line }),
        version,
        versionText: shortVersion(version),
      };
    }),
    evaluators: evaluators.map(({ name, description }) => ({
      name,
      description,
    })),
    ...(escalate && {
      escalate: {
        ...(escalate.remindHours !== undefined && {
          remindHours: escalate.remindHours,
        }),
        ...(escalate.afterHours !== undefined && {
          afterHours: escalate.afterHours,
        }),
        ...(escalate.to !== undefined && { to: labelOf(escalate.to) }),
      },
    }),
    ...(standIn && { standIn: { commit: standIn.commit, at: standIn.at } }),
    stops: blocking,
    findings: findings
      .filter(({ code }) => code === 'approvals-invalid')
      .map(found => toFinding(found, discretion)),
    source: {
      branch: source.branch,
      readAt: source.readAt,
      stale: source.stale,
      ...(source.commit !== undefined && { commit: source.commit }),
    },
  };
}

function needText(need: RequiredApproval, labelOf: LabelOf): string {
  return `${need.count} of ${
    'group' in need ? nameOf(labelOf(need.group)) : ROLES[need.role]
  }`;
}
