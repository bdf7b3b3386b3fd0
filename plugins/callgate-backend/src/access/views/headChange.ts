import type { HeadChange } from '@callgate/plugin-callgate-common';

const SHORT = 7;

/** What changed since a pull request was shown, in a sentence, and what to do. */
export function headChangeText(change: HeadChange): string {
  const { cause, came, went, head } = change;
  const now = head.slice(0, SHORT);
  const summaries = (requests: HeadChange['came']) =>
    requests.map(({ summary }) => summary).join(', ');
  if (cause === 'pushed') {
    return `Somebody else has pushed ${now} onto the branch of this pull request, which Callgate did not build. It is being built again: read it then, and decide.`;
  }
  const parts = [
    ...(came.length > 0 ? [`${summaries(came)} came in`] : []),
    ...(went.length > 0
      ? [`${summaries(went)} ${went.length > 1 ? 'are' : 'is'} no longer in it`]
      : []),
  ];
  const again =
    cause === 'rebuilt'
      ? 'It was built again since it was shown to you.'
      : 'The pull request has another version than the one that was shown to you.';
  const what =
    parts.length > 0
      ? `Since it was shown to you, ${parts.join(', and ')}.`
      : again;
  return `${what} Its head is ${now} now: read it again, then decide.`;
}
