import { FINDINGS, findingTexts, gapTitle, oncePerApi } from '@callgate/policy';
import { AccessFacts } from '../access/views/AccessFacts';
import { Names } from '../access/views/Names';
import { textOfCheck } from '../access/views/proposals';
import {
  fit,
  MARKS,
  SEVERITIES,
  titleText,
} from '../proposals/pullRequestText';
import { code, md, section, table } from '../proposals/markdown';
import type { Snapshot } from '../proposals/types';
import {
  grantOperationText,
  keptText,
  originText,
  rangesText,
  TOLD_BY_IMPORT,
} from './importTexts';
import type { ApiImport, WrittenImport } from './types';

const MOST_FINDINGS = 40;
const MOST_PLACES = 5;
const MOST_ROWS = 200;

/** Title and description of the pull request of an import. The same import gives the same text. */
export function describeImport(
  snapshot: Snapshot,
  { api, outcome }: ApiImport,
  { checks, meaning }: WrittenImport,
  by: string,
): { title: string; body: string } {
  const names = Names.ofAll(AccessFacts.of(snapshot));
  const { grants, kept, openIn, later, proposed } = outcome;
  const who = (ref: string) => md(names.entity(ref));
  const told = oncePerApi(meaning.findings).filter(
    found => !TOLD_BY_IMPORT.has(found.code),
  );
  const sections = [
    `Callgate opens this pull request to import what is in force for ${who(
      api,
    )}: policies that people wrote say who can call it, and from here on a declaration says so. ` +
      'Its owners decide about it in the portal then. Files in it are generated: change the declaration by requests, not the files.',
    section('What this changes', [
      '- **Nobody can call more or less.** What is generated was put beside everything that is there, and who can call what was compared before and after, at every layer.',
      '- Policies that people wrote stay as they are.',
      ...openIn.map(
        cluster => `- Everyone can call it in ${md(cluster)}, as before.`,
      ),
      ...later.map(
        ({ cluster, namespace }) =>
          `- Whatever is deployed to ${md(namespace)} in ${md(
            cluster,
          )} **later** can call it today, and needs a grant once this is in force.`,
      ),
    ]),
    section('Grants, and what each was read from', [
      grants.length > 0
        ? tableOfFilled(
            ['caller', 'operations', 'clusters', 'accepted gaps', 'from'],
            grants.map(({ grant, by: origins }) => [
              grant.caller === 'self' ? 'its own replicas' : who(grant.caller),
              grant.operations
                .map(each => code(grantOperationText(each)))
                .join(', '),
              (grant.in ?? []).map(each => md(each)).join(', '),
              (grant.acknowledges ?? [])
                .map(gap => md(gapTitle(gap)))
                .join(', '),
              places(origins.map(originText)),
            ]),
            MOST_ROWS,
          )
        : 'No grants: nobody can call it whom a grant could name.',
    ]),
    kept.length > 0
      ? section('Kept by hand', [
          'No grant says these. They go on by the objects that let them.',
          '',
          table(
            ['caller', 'why', 'access', 'from'],
            kept.map(each => [
              who(each.caller.ref),
              md(keptText(each, names)),
              code(
                rangesText(each.places.flatMap(({ access }) => access)),
                300,
              ),
              places(each.by.map(originText)),
            ]),
            MOST_ROWS,
          ),
        ])
      : '',
    proposed.length > 0
      ? section('In the catalog as consumers, and without a grant', [
          'The catalog says that these consume the API, which allows nothing.',
          '',
          ...proposed
            .slice(0, MOST_ROWS)
            .map(
              ({ caller, canCall }) =>
                `- ${who(caller)}, which ${
                  canCall ? 'can' : 'cannot'
                } call it today`,
            ),
        ])
      : '',
    section('Who prepared this', [
      `${who(
        by,
      )}, of the platform team. Nobody had to approve it: it gives nobody access. Somebody else reviews and merges it.`,
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
    told.length > 0
      ? section(
          'Findings',
          told.slice(0, MOST_FINDINGS).map(found => {
            const { message } = findingTexts(found, names);
            return `- ${SEVERITIES[found.severity]} **${md(
              FINDINGS[found.code].title,
            )}**: ${md(message, 600)}`;
          }),
        )
      : '',
  ];
  return {
    title: titleText(
      `Import of ${names.entity(api)}: nobody can call more or less`,
    ),
    body: fit(sections.filter(text => text !== '')),
  };
}

/** A table without the columns that have nothing to say. */
function tableOfFilled(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  limit: number,
): string {
  const filled = head.map((_, index) => rows.some(row => row[index] !== ''));
  const keep = (cells: readonly string[]) =>
    cells.filter((_, index) => filled[index]);
  return table(keep(head), rows.map(keep), limit);
}

function places(texts: readonly string[]): string {
  const more = texts.length - MOST_PLACES;
  const shown = texts.slice(0, MOST_PLACES).map(text => code(text, 300));
  if (shown.length === 0) return 'nothing refuses it';
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
