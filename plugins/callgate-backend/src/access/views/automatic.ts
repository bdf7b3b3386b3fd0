import type { Preview } from '@callgate/plugin-callgate-common';
import type { Automatic, AutomaticBlock } from '../../proposals/types';

/** Whether a rule approves a draft by itself, and what is in its way, for people. */
export function toAutomatic(
  automatic: Automatic | undefined,
): Pick<Preview, 'automatic'> {
  if (!automatic) return {};
  if ('rule' in automatic) {
    const { rule } = automatic;
    return {
      automatic: {
        approves: true,
        rules: [rule],
        text: `Approved by the rule ${rule}: nobody has to approve it.`,
      },
    };
  }
  const { rules, blocks } = automatic;
  return {
    automatic: {
      approves: false,
      rules: [...rules],
      text: `Not approved by the ${
        rules.length === 1 ? 'rule' : 'rules'
      } ${rules.join(', ')}, because ${blocks.map(blockText).join('; and ')}.`,
    },
  };
}

function blockText(block: AutomaticBlock): string {
  switch (block.code) {
    case 'others-needed':
      return `${block.rules.join(', ')} ${
        block.rules.length === 1 ? 'asks' : 'ask'
      } for somebody's approval`;
    case 'caller-system':
      return 'nobody but the caller says that it belongs to its system: the owners of the caller do not own that system';
    case 'caller-owners':
      return 'the caller does not name exactly one owner';
    case 'several-callers':
      return 'it is for everything that says it belongs to a set';
    case 'shared-workload':
      return 'somebody else owns the workload as well, or another API on it';
    case 'cuts-somebody':
      return 'it cuts somebody off';
    case 'accepts-gaps':
      return 'it accepts that something is not enforced';
    case 'policies-of-others':
      return 'policies of others touch it, which nobody judges';
    case 'contested':
      return 'it is contested whose a workload is';
    case 'concerns-others':
      return 'it opens something for others, or takes something away from them';
    case 'confirmation':
      return 'what a grant stands for by now is confirmed by a person';
    default:
      return 'something else is in its way';
  }
}
