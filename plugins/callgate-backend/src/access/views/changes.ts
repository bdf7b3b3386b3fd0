import type {
  EntityLabel,
  RequestedChange,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../../database/AccessStore';
import type { Discretion } from './Discretion';
import { nameOf, type LabelOf } from './Labels';
import { sayDay } from './sayDay';

/** What a request about a grant that is there asks, such as `Checkout asks to end its access to Orders: GET /orders`. */
export function changeSentence(
  { draft: { change, until } }: Pick<StoredRequest, 'draft'>,
  api: EntityLabel,
  caller: EntityLabel,
  operations: string,
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
    default:
      return `${
        isCaller
          ? `${who} asks to change its access to ${what}`
          : `${others} to change the access of ${who}`
      } to ${operations}${untilText(until)}`;
  }
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
  const { grant, side, whenLast } = change;
  const hidden = labelOf(callerRef).state === 'hidden';
  return {
    ...(!hidden && !discretion.hidesName(grant) && { grant }),
    side,
    ...(whenLast && { whenLast }),
    ...(until !== undefined && { until }),
  };
}
