import type { AccessPlace, AccessRow, GrantAccess } from '@callgate/policy';
import type {
  Edge,
  EntityLabel,
  PolicyObject,
} from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';
import { toGrantInfo } from './grantInfo';
import type { LabelOf } from './Labels';
import { clustersOfGrant, clustersOfPlaces } from './edgeClusters';
import { reachedOperations } from './reached';
import { standingOf } from './standings';

/** What rows are shown with. */
export interface EdgeContext {
  facts: AccessFacts;
  labelOf: LabelOf;
  discretion: Discretion;
}

/** Blocks of addresses that a person reads; more are counted. */
const SHOWN_BLOCKS = 3;

/**
 * The row of one grant: what it opens, whether that gets through, and what its caller can do beyond it.
 *
 * @param pairs - those of the grant that the row is about, where it is not about all of them
 */
export function grantedEdge(
  context: EdgeContext,
  api: string,
  access: GrantAccess,
  rows: readonly AccessRow[],
  caller: EntityLabel,
  pairs: GrantAccess['pairs'] = access.pairs,
): Edge {
  const { facts, labelOf, discretion } = context;
  const { grant, operations, unconfirmed } = access;
  const places = rows
    .filter(row => row.grants.includes(access))
    .flatMap(row => row.places)
    .filter(place => place.grants.includes(grant.id));
  const more = places.filter(({ beyond }) => !beyond.isEmpty);
  const standing = standingOf(context, access);
  return {
    caller,
    api: labelOf(api),
    operations: [...operations],
    clusters:
      access.standing === 'unsupported'
        ? access.unsupported.map(({ cluster, from, to, reason }) => ({
            cluster: cluster ?? 'every cluster',
            layers: {
              kernel: 'unknown',
              identity: 'unknown',
              method: 'unknown',
            },
            from: from ? [from] : [],
            to: to ? [to] : [],
            // The reason may be another caller, with whom this one shares something.
            ...(discretion.everythingSeen && { note: reason }),
          }))
        : clustersOfGrant(facts, api, pairs, places),
    ...standing,
    grant: toGrantInfo(grant, labelOf, unconfirmed),
    openedBy: access.refused
      .flatMap(({ by }) => by)
      .map(({ cluster, ...object }) => facts.object(cluster, object))
      .filter(object => !discretion.hidesObject(object)),
    ...(more.length > 0 && {
      beyond: {
        ...reachedOperations(more),
        because: becauseOf(context, more),
        openedBy: openersOf(facts, more),
      },
    }),
  };
}

/**
 * The row of a caller for what it can do, or may be able to do, without any grant; none where there is nothing. Where
 * everyone can, only those are listed that the catalog says consume the API: they are whom the first grant to somebody else
 * would cut.
 */
export function ungrantedEdge(
  context: EdgeContext,
  row: AccessRow,
  caller: EntityLabel,
): Edge[] {
  const { facts, labelOf, discretion } = context;
  const places = row.places.filter(
    ({ grants, beyond, everyone }) =>
      grants.length === 0 &&
      !beyond.isEmpty &&
      (row.consumes || everyone === 'cannot'),
  );
  if (places.length === 0) return [];
  const surely = places.filter(({ beyondSurely }) => beyondSurely);
  const shown = surely.length > 0 ? surely : places;
  const reached = reachedOperations(shown);
  return [
    {
      caller,
      api: labelOf(row.api),
      ...reached,
      clusters: clustersOfPlaces(shown),
      status: surely.length > 0 ? 'effective-not-declared' : 'unknown',
      because:
        surely.length > 0
          ? becauseOf(context, shown, row.grants.length > 0)
          : conditionText(shown, discretion),
      openedBy: openersOf(facts, shown),
      // Of what the definition does not offer nothing can be asked for.
      mayRequest:
        row.caller.class === 'entity' &&
        (reached.everythingOn !== undefined ||
          shown.some(({ can }) => can.operations.length > 0)),
    },
  ];
}

/** The caller of a row. Addresses are named by their blocks, as far as anybody reads them. */
export function callerLabel(
  { caller }: AccessRow,
  labelOf: LabelOf,
): EntityLabel {
  const label = labelOf(caller.ref);
  const { cidrs: blocks = [] } = caller;
  return blocks.length > SHOWN_BLOCKS
    ? {
        ...label,
        title: `Addresses outside: ${blocks
          .slice(0, SHOWN_BLOCKS)
          .join(', ')} and ${blocks.length - SHOWN_BLOCKS} more`,
      }
    : label;
}

function openersOf(
  facts: AccessFacts,
  places: readonly AccessPlace[],
): PolicyObject[] {
  return places
    .flatMap(({ openedBy }) => openedBy)
    .map(({ cluster, rule, ...object }) => ({
      ...facts.object(cluster, object),
      ...(rule !== undefined && { rule }),
    }));
}

function becauseOf(
  { facts, discretion }: EdgeContext,
  places: readonly AccessPlace[],
  hasGrant = true,
): string {
  const names = openersOf(facts, places).map(object =>
    discretion.hidesObject(object)
      ? `${article(object.kind)} ${object.kind}`
      : `${object.kind} ${object.name}`,
  );
  const objects = [...new Set(names)];
  const granted = places.some(({ grants }) => grants.length > 0);
  const more = places.some(({ beyondSurely }) => beyondSurely)
    ? 'More than its grant'
    : 'Perhaps more than its grant';
  const none = hasGrant ? 'Not by its grant' : 'No grant';
  const what = granted ? more : none;
  return objects.length > 0
    ? `${what}: ${objects.join(', ')} ${
        objects.length === 1 ? 'opens' : 'open'
      } it`
    : `${what}: nothing restricts it`;
}

function article(kind: string): string {
  return 'AEIOU'.includes(kind.charAt(0)) ? 'an' : 'a';
}

/** Conditions are sentences about anything that was met on the way. */
function conditionText(
  places: readonly AccessPlace[],
  discretion: Discretion,
): string {
  const texts = places.flatMap(({ conditions }) =>
    conditions.map(({ text }) => text),
  );
  return discretion.everythingSeen && texts.length > 0
    ? `No grant, and whether it can call is not certain. ${texts[0]}`
    : 'No grant, and whether it can call is not certain.';
}
