import type { AccessRequestDraft } from '@callgate/plugin-callgate-common';
import { dayAt, parseServiceRef } from '@callgate/policy';
import { glassRefused } from '../database/glass';
import type {
  GlassBlock,
  ProposalDraft,
  ProposalPreview,
} from '../proposals/types';
import type { Person } from '../ownership';
import type { BreakGlassConfig } from './breakGlass';
import { domainError } from './domainError';
import type { ServiceParts } from './ServiceParts';

const HOUR_MS = 3_600_000;

/**
 * What a draft says that goes on before anybody approves it: its last day is the one in which its time is over.
 *
 * @param now - milliseconds since 1970
 * @throws InputError with code `no-break-glass` where there is no such thing, or not for this; `bad-until`
 */
export function glassTerms(
  input: Pick<AccessRequestDraft, 'kind' | 'until'>,
  config: BreakGlassConfig | undefined,
  now: number,
): Pick<ProposalDraft, 'until' | 'breakGlass'> {
  if (!config) {
    throw domainError(
      'no-break-glass',
      'Nothing goes on here before it is approved: callgate.breakGlass is not configured.',
    );
  }
  if (input.kind !== undefined && input.kind !== 'new') {
    throw domainError(
      'no-break-glass',
      'Only a request for something new goes on before it is approved; what is there already is for its owners.',
    );
  }
  if (input.until) {
    throw domainError(
      'bad-until',
      `until is not to be said of what goes on before it is approved: it ends after ${config.hours} hours.`,
    );
  }
  const expiresAt = now + config.hours * HOUR_MS;
  return { until: dayAt(expiresAt), breakGlass: { expiresAt } };
}

/** Why a person may not send this before anybody approves it; `undefined`: they may. */
export async function glassRefusal(
  { ownership, requests }: Pick<ServiceParts, 'ownership' | 'requests'>,
  draft: ProposalDraft,
  preview: Pick<ProposalPreview, 'glass' | 'needs' | 'meaning'>,
  person: Person,
): Promise<Error | undefined> {
  if (parseServiceRef(person.ref)) {
    return domainError(
      'no-break-glass',
      'A service waits for approvals: only people can say that it cannot wait.',
    );
  }
  if (!(await ownership.owns(person, draft.caller))) {
    return domainError(
      'not-caller-owner',
      `Only an owner of ${draft.caller} can say that it cannot wait.`,
    );
  }
  const inTheWay = await requests.glassInTheWay({
    apiRef: draft.api,
    callerRef: draft.caller,
    shown: preview.meaning,
  });
  if (inTheWay) return glassRefused(inTheWay);
  if (preview.glass.length > 0) {
    return domainError(
      'break-glass-refused',
      `This cannot go on before anybody approves it: ${preview.glass
        .map(blockText)
        .join('; and ')}.`,
    );
  }
  return preview.needs.length === 0
    ? domainError(
        'break-glass-refused',
        'Nobody has to approve this: send it in the usual way, and it goes on at once.',
      )
    : undefined;
}

function blockText(block: GlassBlock): string {
  switch (block.code) {
    case 'guardrail':
      return `${block.rules.join(', ')} ${
        block.rules.length === 1 ? 'does' : 'do'
      } not let it through without approvers`;
    case 'closes':
      return 'it closes something that is open to others, or takes something away';
    case 'opens-for-others':
      return 'it opens something for others as well';
    case 'several-callers':
      return 'it is for more than one caller';
    case 'accepts-gaps':
      return 'it accepts that something is not enforced';
    case 'contested':
      return 'it is contested whose a workload is';
    default:
      return 'it is not for something new';
  }
}
