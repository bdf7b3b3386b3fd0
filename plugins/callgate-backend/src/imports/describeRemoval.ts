import { AccessFacts } from '../access/views/AccessFacts';
import { Names } from '../access/views/Names';
import { textOfCheck } from '../access/views/proposals';
import { code, md, section, table } from '../proposals/markdown';
import { fit, MARKS, titleText } from '../proposals/pullRequestText';
import type { Snapshot } from '../proposals/types';
import { leavingText, originText } from './importTexts';
import type { ApiRemoval, WrittenRemoval } from './types';

const MOST_ROWS = 200;

/** Title and description of the pull request that deletes policies by hand. The same removal gives the same text. */
export function describeRemoval(
  snapshot: Snapshot,
  { api, policies }: ApiRemoval,
  { changes, checks }: WrittenRemoval,
  by: string,
): { title: string; body: string } {
  const names = Names.ofAll(AccessFacts.of(snapshot));
  const who = (ref: string) => md(names.entity(ref));
  const going = policies.filter(({ goes }) => goes);
  const staying = policies.flatMap(({ leaving, ...policy }) =>
    leaving ? [{ ...policy, leaving }] : [],
  );
  const sections = [
    `Callgate opens this pull request to delete policies that people wrote about ${who(
      api,
    )}. What is generated from its declaration is in force, and says the same.`,
    section('What this changes', [
      '- **Nobody can call more or less.** All that goes was taken out together, and who can call what was compared before and after, at every layer, also for whatever is deployed later. A pod of later is one without labels of its own.',
      '- No generated file changes, and so no receipt.',
      '- Whatever applies this repository has to delete what is gone from it; otherwise these policies stay in the cluster.',
    ]),
    section('Policies that go', [
      table(
        ['policy', 'from'],
        going.map(({ kind, namespace = 'default', name, cluster, at }) => [
          code(`${kind} ${namespace}/${name}`, 300),
          code(
            [cluster, at && `${at.file}:${at.line ?? 1}`]
              .filter(Boolean)
              .join(', '),
            300,
          ),
        ]),
        MOST_ROWS,
      ),
      '',
      'Files that change:',
      '',
      ...[...changes]
        .slice(0, MOST_ROWS)
        .map(
          ([path, text]) =>
            `- ${code(path, 300)}${
              text === undefined ? ' goes: nothing else is in it' : ''
            }`,
        ),
    ]),
    staying.length > 0
      ? section('Policies that this leaves', [
          ...staying
            .slice(0, MOST_ROWS)
            .map(
              policy =>
                `- ${code(originText(policy), 300)}: ${md(
                  leavingText(policy),
                  600,
                )}`,
            ),
        ])
      : '',
    section('Who prepared this', [
      `${who(
        by,
      )}, of the platform team. Nobody had to approve it: it gives and takes nothing. Somebody else reviews and merges it; whose files these are is for the code owners of the forge.`,
    ]),
    section('Checked before this pull request was opened', [
      ...checks.map(
        ({ name, outcome: result, text, words }) =>
          `- ${MARKS[result]} **${md(name)}**: ${md(
            textOfCheck({ text, words }, names),
            1500,
          )}`,
      ),
    ]),
  ];
  return {
    title: titleText(
      `Policies by hand of ${names.entity(
        api,
      )} go: nobody can call more or less`,
    ),
    body: fit(sections.filter(text => text !== '')),
  };
}
