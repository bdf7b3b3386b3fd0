import type { Explanation, RuleRef } from '@callgate/policy';
import { callText } from './accessText';
import type { TextTable } from './renderTable';

const WORDS = {
  allow: 'allowed',
  deny: 'refused',
  conditional: 'allowed under conditions',
} as const;

/** Hops, conditions, the nearest rules, objects that were looked at, and what would allow a refused call. */
export function explanationTables(explanation: Explanation): TextTable[] {
  return [
    {
      title: `${callText(explanation.call)}: ${WORDS[explanation.verdict]}`,
      header: ['at', 'layer', 'verdict', 'by', 'why'],
      rows: explanation.hops.map(hop => [
        hop.at,
        hop.layer,
        hop.verdict,
        hop.by.map(ruleText).join(', '),
        hop.text,
      ]),
      whenEmpty: 'Nothing on the way restricts this call.',
    },
    ...(explanation.conditions.length > 0
      ? [
          {
            title: 'Conditions',
            header: ['kind', 'condition', 'object'],
            rows: explanation.conditions.map(condition => [
              condition.kind,
              condition.text,
              condition.object ?? '',
            ]),
            whenEmpty: '',
          },
        ]
      : []),
    ...(explanation.nearest.length > 0
      ? [
          {
            title: 'Nearest to admitting it',
            header: ['at', 'rule', 'but'],
            rows: explanation.nearest.map(({ at, object, differs }) => [
              at,
              ruleText(object),
              differs.join('; '),
            ]),
            whenEmpty: '',
          },
        ]
      : []),
    ...objectTables(explanation),
    ...(explanation.changes.length > 0
      ? [
          {
            title: 'All of these together would allow it',
            header: ['layer', 'change', 'object'],
            rows: explanation.changes.map(change => [
              change.layer,
              change.text,
              ruleText(change.object),
            ]),
            whenEmpty: '',
          },
        ]
      : []),
  ];
}

/** What was looked at: what counts first, then what does not, and why. */
function objectTables({ objects }: Explanation): TextTable[] {
  if (objects.length === 0) return [];
  const rows = [true, false].flatMap(counts =>
    objects
      .filter(({ considered }) => considered === counts)
      .map(object => [ruleText(object), counts ? 'yes' : 'no', object.text]),
  );
  return [
    {
      title: 'Objects that were looked at',
      header: ['object', 'counts', 'why'],
      rows,
      whenEmpty: '',
    },
  ];
}

function ruleText(rule: RuleRef): string {
  const name = rule.namespace ? `${rule.namespace}/${rule.name}` : rule.name;
  return `${rule.kind} ${name}${rule.rule ? ` ${rule.rule}` : ''}`;
}
