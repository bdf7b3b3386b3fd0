import type {
  EntityLabel,
  RequestedChange,
} from '@callgate/plugin-callgate-common';
import type { Contract, EdgeSummary, Meaning } from '@callgate/policy';
import type { StoredRequest } from '../../database/AccessStore';
import type { Discretion } from './Discretion';
import { nameOf, type LabelOf } from './Labels';
import { callsOf, operationsText, operationText } from './operations';
import { sayDay } from './sayDay';

/** Operations that a change of a grant adds, and those that it takes away, as they stand in a sentence. */
export interface ChangedOperations {
  more?: string;
  less?: string;
}

/**
 * What a change adds to its grant and takes from it, by what it means: what another grant keeps is not taken away. Empty where it
 * is about something else, such as the last day.
 *
 * @param change - the grant, and the clusters that it is to hold in; empty: wherever both run
 */
export function changedOperations(
  { gained, lost }: Pick<Meaning, 'gained' | 'lost'>,
  change: { grant: string; in: readonly string[] },
  contract: Contract,
): ChangedOperations {
  const about = (edges: readonly EdgeSummary[]) =>
    edges.filter(({ grantIds }) => grantIds.includes(change.grant));
  const [more, less] = [about(gained), about(lost)];
  const added = clustersOf(more);
  const dropped = clustersOf(less);
  const partly = change.in.length > added.length;
  const gone =
    change.in.length > 0 && !dropped.some(each => change.in.includes(each));
  return {
    ...(more.length > 0 && {
      more: textOf(more, contract) + whereText(partly ? added : []),
    }),
    ...(less.length > 0 && {
      less: textOf(less, contract) + whereText(gone ? dropped : []),
    }),
  };
}

function clustersOf(edges: readonly EdgeSummary[]): string[] {
  const all = edges.flatMap(({ clusters }) =>
    clusters.map(({ cluster }) => cluster),
  );
  return [...new Set(all)];
}

function textOf(edges: readonly EdgeSummary[], contract: Contract): string {
  const port = edges.find(({ everythingOn }) => everythingOn)?.everythingOn;
  if (port) return `everything on ${port}`;
  const all = new Map(
    edges
      .flatMap(edge => callsOf(edge, contract))
      .map(call => [operationText(call), call]),
  );
  return operationsText([...all.values()]);
}

function whereText(clusters: readonly string[]): string {
  return clusters.length > 0 ? ` in ${clusters.join(' and ')}` : '';
}

/** `also POST /orders, no more GET /orders`; nothing where nothing is known of it. */
export function changedText({ more, less }: ChangedOperations): string {
  return [
    ...(more ? [`also ${more}`] : []),
    ...(less ? [`no more ${less}`] : []),
  ].join(', ');
}

/** What a request about a grant that is there asks, such as `Checkout asks to end its access to Orders: GET /orders`. */
export function changeSentence(
  { draft: { change, until } }: Pick<StoredRequest, 'draft'>,
  api: EntityLabel,
  caller: EntityLabel,
  operations: string,
  changed: ChangedOperations,
): string {
  const who = nameOf(caller);
  const what = nameOf(api);
  const isCaller = change?.side === 'caller';
  const others =
    change?.side === 'security'
      ? 'The security team asks'
      : `The owners of ${what} ask`;
  switch (change?.kind) {
    case 'renew': {
      const day = sayDay(until ?? '');
      return isCaller
        ? `${who} asks to keep ${operations} of ${what} until ${day}`
        : `${others} that ${who} keeps ${operations} until ${day}`;
    }
    case 'end': {
      if (change.glass)
        return `The access of ${who} to ${what}, which nobody had approved, ${
          change.glass.why === 'rejected' ? 'is rejected' : 'is over'
        } and is to end: ${operations}`;
      if (change.expired !== undefined)
        return `The access of ${who} to ${what} was until ${sayDay(
          change.expired,
        )} and is to end: ${operations}`;
      if (change.gone !== undefined)
        return `${who} is not in the catalog any more, and its access to ${what} is to end: ${operations}`;
      if (isCaller)
        return `${who} asks to end its access to ${what}: ${operations}`;
      // Owners of the API have named it already.
      const to = change.side === 'api' ? '' : ` to ${what}`;
      return `${others} to end the access of ${who}${to}: ${operations}`;
    }
    default: {
      const parts = changedText(changed);
      const verb = parts ? verbOf(changed) : 'change';
      const to = change?.side === 'security' ? ` to ${what}` : '';
      const subject = isCaller
        ? `${who} asks to ${verb} its access to ${what}`
        : `${others} to ${verb} the access of ${who}${to}`;
      const day = untilText(until);
      if (!parts) return `${subject} to ${operations}${day}`;
      return `${subject}: ${parts}${day && `,${day}`}`;
    }
  }
}

function verbOf({ more, less }: ChangedOperations): string {
  if (!less) return 'widen';
  return more ? 'change' : 'cut back';
}

/** ` until 1 March 2027`; nothing where nothing is said of it. */
export function untilText(until: string | undefined): string {
  if (until === undefined) return '';
  return until === '' ? ' without a last day' : ` until ${sayDay(until)}`;
}

/** The grant that a request is about, without what the reader may not know. */
export function toRequestedChange(
  { callerRef, draft: { change, until } }: StoredRequest,
  labelOf: LabelOf,
  discretion: Discretion,
): RequestedChange | undefined {
  if (!change) return undefined;
  const { grant, side, whenLast, proposeOn, urgent } = change;
  const hidden = labelOf(callerRef).state === 'hidden';
  return {
    ...(!hidden && !discretion.hidesName(grant) && { grant }),
    side,
    ...(whenLast && { whenLast }),
    ...(proposeOn !== undefined && { proposeOn }),
    ...(urgent && { urgent }),
    ...(until !== undefined && { until }),
  };
}
