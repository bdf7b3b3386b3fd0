import {
  nameOfPolicy,
  type AccessDifference,
  type VerifyResult,
} from '@callgate/policy';
import { callText } from './accessText';
import type { TextTable } from './renderTable';

/** The three lists, and what nobody can judge. */
export function verifyTables(result: VerifyResult): TextTable[] {
  return [
    differences(
      'Missing: declared, not surely allowed',
      result.missing,
      'Nothing is missing.',
    ),
    differences(
      'Surplus of ours: our objects open more than is declared',
      result.surplusOurs,
      'Nothing of ours is surplus.',
    ),
    differences(
      'Surplus of others: hand-written objects open more than is declared',
      result.surplusForeign,
      'Nothing of others is surplus.',
    ),
    ...(result.others.length > 0
      ? [
          {
            title:
              'Policies of others: not judged; all the rest is as if they changed nothing',
            header: ['cluster', 'policy', 'may', 'touches'],
            rows: result.others.map(policy => [
              policy.cluster,
              nameOfPolicy(policy),
              policy.may === 'refuse' ? 'refuse' : 'refuse, or open more',
              policy.ends.join(', '),
            ]),
            whenEmpty: '',
          },
        ]
      : []),
    ...(result.platform.length > 0
      ? [
          differences(
            'Open by the platform: no policy could close this',
            result.platform,
            '',
          ),
        ]
      : []),
    ...(result.unknown.length > 0
      ? [
          {
            title: 'Unknown: cannot be enforced',
            header: ['api', 'cluster', 'grant or pair', 'reason'],
            rows: result.unknown.map(each => [
              each.api,
              each.cluster ?? '',
              each.grantId ?? `${each.from} → ${each.to}`,
              each.reason,
            ]),
            whenEmpty: '',
          },
        ]
      : []),
  ];
}

function differences(
  title: string,
  list: readonly AccessDifference[],
  whenEmpty: string,
): TextTable {
  return {
    title,
    header: ['cluster', 'from', 'to', 'access', 'for example', 'by'],
    rows: list.map(item => [
      item.cluster,
      item.from,
      item.to,
      item.text,
      callText(item.call),
      item.by.join(', '),
    ]),
    whenEmpty,
  };
}
