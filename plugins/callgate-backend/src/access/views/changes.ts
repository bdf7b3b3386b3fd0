import type {
  EntityLabel,
  RequestedChange,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../../database/AccessStore';
import type { Discretion } from './Discretion';
import { nameOf, type LabelOf } from './Labels';

/** What a request about a grant that is there asks, such as `The grant Cart → POST /orders of Orders is to end`. */
export function changeSentence(
  { draft: { change, until } }: Pick<StoredRequest, 'draft'>,
  api: EntityLabel,
  caller: EntityLabel,
  operations: string,
): string {
  const grant = `${nameOf(caller)} → ${operations} of ${nameOf(api)}`;
  switch (change?.kind) {
    case 'renew':
      return `The grant ${grant} is to hold until ${until}`;
    case 'end':
      return `The grant ${grant} is to end`;
    default:
      return `A grant is to become ${grant}`;
  }
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
