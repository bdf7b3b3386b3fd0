import type { Explanation, RuleRef } from '@callgate/policy';
import { callText } from './accessText';
import type { TextTable } from './renderTable';

const WORDS = {
  allow: 'allowed',
  deny: 'refused',
  conditional: 'allowed under conditions',
} as const;

/** Hops, conditions and what would allow a refused call. */
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

function ruleText(rule: RuleRef): string {
  const name = rule.namespace ? `${rule.namespace}/${rule.name}` : rule.name;
  return `${rule.kind} ${name}${rule.rule ? ` ${rule.rule}` : ''}`;
}
