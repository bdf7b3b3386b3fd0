import type { AccessPlace, AccessRow as CoreRow } from '@callgate/policy';
import type { AccessRow, EntityLabel } from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';
import type { LabelOf } from './Labels';
import { clustersOfRow } from './rowClusters';
import { sayKind } from './findings';
import { toGrantInfo } from './grantInfo';
import { ungrantedAccess } from './ungrantedAccess';

/** What rows are shown with. */
export interface RowContext {
  facts: AccessFacts;
  labelOf: LabelOf;
  discretion: Discretion;
}

/** Blocks of addresses that a person reads; more are counted. */
const SHOWN_BLOCKS = 3;

/**
 * The row of one caller of an API; none where nothing is to be said. Of an API that everyone can call only those are callers
 * who were granted it or consume it: they are whom the first grant to somebody else would cut.
 */
export function listedRow(
  context: RowContext,
  row: CoreRow,
  caller: EntityLabel,
): AccessRow[] {
  const places = row.places.filter(
    place =>
      place.grants.length > 0 ||
      (tellsMore(place) &&
        (row.grants.length > 0 || row.consumes || place.everyone !== 'can')),
  );
  return row.grants.length > 0 || places.length > 0
    ? [accessRow(context, row, caller, places)]
    : [];
}

/** The row of one caller of an API, with all that it can do. */
export function accessRow(
  context: RowContext,
  row: CoreRow,
  caller: EntityLabel,
  places: readonly AccessPlace[] = row.places,
): AccessRow {
  const { facts, labelOf } = context;
  const { cannotBeGranted } = row;
  const beyond = ungrantedAccess(context, places.filter(tellsMore));
  return {
    caller,
    api: labelOf(row.api),
    compared: row.compared,
    certainty: row.certainty,
    grants: row.grants.map(grant => toGrantInfo(context, row, grant)),
    beyond,
    clusters: clustersOfRow(facts, row, places, context.discretion),
    ...(cannotBeGranted &&
      beyond.length > 0 && { cannotBeGranted: sayKind(cannotBeGranted) }),
    // Of what the definition does not offer nothing can be asked for.
    mayRequest:
      row.caller.class === 'entity' &&
      !cannotBeGranted &&
      beyond.some(
        ({ everythingOn, operations }) =>
          everythingOn !== undefined || operations.length > 0,
      ),
  };
}

function tellsMore({ beyond, kept }: AccessPlace): boolean {
  return !beyond.isEmpty || kept;
}

/** The caller of a row. Addresses are named by their blocks, as far as anybody reads them. */
export function callerLabel(
  { facts, labelOf }: RowContext,
  { api, caller }: CoreRow,
): EntityLabel {
  // A grant to the API itself is to the entity that provides it, where that is one.
  const providers = caller.ref === 'self' ? facts.providersOf(api) : [];
  const label = labelOf(providers.length === 1 ? providers[0] : caller.ref);
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
