import type {
  EntityLabel,
  Finding,
  Meaning,
  MeaningFlip,
  Preview,
} from '@callgate/plugin-callgate-common';

/**
 * A preview for those who do not see the page.
 *
 * @public
 */
export interface PreviewWords {
  /** What it means, one sentence or two each: what opens, what becomes closed and whom that cuts, what stays open. */
  means: string[];
  /** What has to be known or mended, each with what to do. */
  findings: string[];
  /** Whether it can be sent as it is. */
  canBeSent: boolean;
  /** Why it cannot be sent, with what to do about it where that is known; absent where it can. */
  whyNot?: string;
  /** Who has to approve, or the rule by which nobody has to. */
  decidedBy: string;
}

/**
 * Says what a preview says, in sentences. Whom the reader may not see, the preview does not name.
 *
 * @public
 */
export function describePreview(preview: Preview): PreviewWords {
  const { meaning, findings, send, automatic, deciders } = preview;
  return {
    means: [
      meaning.text,
      ...describeFlips(meaning),
      ...meaning.plumbing.map(sentence),
    ],
    findings: findings.map(describeFinding),
    canBeSent: send.allowed,
    ...(!send.allowed && { whyNot: whyNot(preview) }),
    decidedBy: automatic?.approves ? automatic.text : deciders.text,
  };
}

/**
 * A finding in a line: what is wrong, and what to do about it.
 *
 * @public
 */
export function describeFinding({ message, fix }: Finding): string {
  return [message, fix].filter(Boolean).map(sentence).join(' ');
}

/** What a finding is in the way of, it also says how to mend. */
function whyNot({ send, findings }: Preview): string {
  const inTheWay = findings.find(({ message }) => message === send.reason);
  return inTheWay
    ? describeFinding(inTheWay)
    : sentence(send.reason ?? 'It cannot be sent as it is');
}

/** Two layers of one cluster that close at once are one event for whoever is cut. */
function describeFlips({ flips, gained, restored }: Meaning): string[] {
  const clusters = [...new Set(flips.map(({ cluster }) => cluster))];
  const api = [...gained, ...restored].map(edge => edge.api).find(isSeen);
  return clusters.map(cluster => {
    const here = flips.filter(flip => flip.cluster === cluster);
    const what = api
      ? nameOf(api)
      : [...new Set(here.map(({ workload }) => workload))].join(' and ');
    const cut = whoIsCut(here);
    return `In ${cluster} it closes ${what} to everyone without a grant. ${
      cut.length > 0
        ? `Cut, allowed today without a grant: ${cut.join(', ')}.`
        : 'Nobody who can call it today is cut.'
    }`;
  });
}

function whoIsCut(flips: readonly MeaningFlip[]): string[] {
  const named = flips.flatMap(({ cut, cutWorkloads }) => [
    ...cut.filter(isSeen).map(nameOf),
    ...cutWorkloads,
  ]);
  // Those of one layer are those of the next one as well.
  const unseen = Math.max(
    ...flips.map(
      ({ cut, cutUnseen = 0 }) =>
        cutUnseen + cut.filter(label => !isSeen(label)).length,
    ),
  );
  return [
    ...new Set(named),
    ...(unseen > 0 ? [`${unseen} that you may not see`] : []),
    ...(flips.some(({ cutAddresses }) => cutAddresses)
      ? ['addresses outside the cluster']
      : []),
  ];
}

function nameOf({ title, name }: EntityLabel): string {
  return title ?? name;
}

function isSeen({ state }: EntityLabel): boolean {
  return state !== 'hidden';
}

function sentence(text: string | undefined): string {
  return !text || /[.!?]$/.test(text) ? text ?? '' : `${text}.`;
}
