import { finding, type Finding, type FindingCode } from '../findings';
import { nameOfPolicy, policyOfOthersWords } from '../others/describe';
import { tooComplexFindings } from '../reach/tooComplexFindings';
import type { AccessDifference, VerifyResult } from './types';
import { detail, said, type Words, workload } from '../words';

/** The lists as findings: ours block, others' do not. */
export function findingsOf(
  lists: Pick<
    VerifyResult,
    'missing' | 'surplusOurs' | 'surplusForeign' | 'others'
  >,
): Finding[] {
  return [
    ...tooComplex([
      ...lists.missing,
      ...lists.surplusOurs,
      ...lists.surplusForeign,
    ]),
    ...toFindings('access-missing', lists.missing, item => {
      if (item.undecided)
        return said`whether ${workload(item.from)} can call ${workload(
          item.to,
        )} as granted is not decided: ${item.text}${reasons(item)}`;
      return item.conditional
        ? said`${workload(item.from)} may call ${workload(item.to)} (${
            item.text
          }) only under a condition, although it is granted${reasons(item)}`
        : said`${workload(item.from)} cannot call ${workload(item.to)} (${
            item.text
          }), although it is granted`;
    }),
    ...toFindings('surplus-ours', lists.surplusOurs, item =>
      item.undecided
        ? said`whether ${workload(item.from)} can call ${workload(
            item.to,
          )} beyond what is granted is not decided: ${item.text}${reasons(
            item,
          )}`
        : said`${workload(item.from)} ${can(item)} call ${workload(item.to)} (${
            item.text
          }) by what Callgate generated, although nobody granted it`,
    ),
    ...toFindings(
      'surplus-foreign',
      lists.surplusForeign,
      item =>
        said`${workload(item.from)} ${can(item)} call ${workload(item.to)} (${
          item.text
        }) ${
          item.grants.length > 0
            ? 'beyond what it was granted'
            : 'without a grant'
        }`,
    ),
    ...lists.others.map(policy =>
      finding('policy-of-others', policyOfOthersWords(policy), {
        objects: [nameOfPolicy(policy), ...policy.ends],
      }),
    ),
  ];
}

/** Conditions that a message names; the others are in the entry. */
const MOST_REASONS = 3;

function reasons({ conditions = [] }: AccessDifference): string {
  const texts = [...new Set(conditions.map(({ text }) => text))];
  return texts.length > 0 ? ` (${texts.slice(0, MOST_REASONS).join(' ')})` : '';
}

function can({ conditional }: AccessDifference): string {
  return conditional ? 'may be able to' : 'can';
}

/** The policies that keep an answer from being exact. */
function tooComplex(items: readonly AccessDifference[]): Finding[] {
  const clusters = new Set(items.map(({ cluster }) => cluster));
  return [...clusters].flatMap(name =>
    tooComplexFindings(
      items
        .filter(({ cluster }) => cluster === name)
        .map(({ from, to, conditions = [] }) => ({ from, to, conditions })),
      `${name}: `,
    ),
  );
}

function toFindings(
  code: FindingCode,
  items: readonly AccessDifference[],
  message: (item: AccessDifference) => Words,
): Finding[] {
  return items.flatMap(item =>
    // One for each API that runs on the workload, so that each owner reads it.
    (item.apis.length > 0 ? item.apis : [undefined]).map(api =>
      finding(
        item.undecided ? 'access-not-decided' : code,
        said`${item.cluster}: ${message(item)}${
          item.by.length > 0 ? detail(`: ${item.by.join(', ')}`, '') : ''
        }`,
        {
          objects: [item.from, item.to, ...item.by],
          ...(api !== undefined && { api }),
          ...(item.grants.length === 1 && { grantId: item.grants[0].grantId }),
        },
      ),
    ),
  );
}
