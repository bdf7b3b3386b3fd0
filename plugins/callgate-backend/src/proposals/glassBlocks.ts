import type { AutomaticFacts } from './automatic';
import { isContested } from './automatic';
import type { GlassBlock, ProposalDraft, Snapshot } from './types';

/**
 * Why a draft may not go on before anybody approves it; empty: it may. What goes on like this opens something new to its own caller,
 * and does nothing else: nobody loses or gets anything besides, and what is opened is what can be proved.
 */
export function glassBlocksOf(
  snapshot: Snapshot,
  draft: ProposalDraft,
  facts: Omit<AutomaticFacts, 'asked' | 'shares'>,
): GlassBlock[] {
  const { content, edges, others, toEveryone } = facts;
  const isOwn = ({ caller }: { caller: string }) => caller === draft.caller;
  const rules = [...new Set(facts.refusedWith([]))];
  const blocks: GlassBlock[] = [];
  if (draft.confirm || draft.change) blocks.push({ code: 'not-new' });
  if (rules.length > 0) blocks.push({ code: 'guardrail', rules });
  // The first grant of an API closes it to everybody who has none.
  if ((content?.flips.length ?? 0) > 0 || (content?.removed.length ?? 0) > 0)
    blocks.push({ code: 'closes' });
  if (
    others.length > 0 ||
    toEveryone.length > 0 ||
    (content?.opened?.length ?? 0) > 0
  )
    blocks.push({ code: 'opens-for-others' });
  if (!edges.every(isOwn) || !(content?.edges ?? []).every(isOwn))
    blocks.push({ code: 'several-callers' });
  if (
    draft.acknowledges.length > 0 ||
    (content?.gaps.length ?? 0) > 0 ||
    edges.some(({ gaps }) => gaps.length > 0)
  )
    blocks.push({ code: 'accepts-gaps' });
  if (isContested(snapshot, draft, edges)) blocks.push({ code: 'contested' });
  return blocks;
}
