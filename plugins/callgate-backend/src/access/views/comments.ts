import type {
  OperationInput,
  RequestComment,
} from '@callgate/plugin-callgate-common';
import type { Contract } from '@callgate/policy';
import type { StoredComment } from '../../database/AccessStore';
import type { RevisedFrom } from '../../proposals/types';
import { untilText } from './changes';
import type { LabelOf } from './Labels';
import { grantedOperations, operationsText } from './operations';

/** What somebody said; without the words where they may name what the reader may not see. */
export function toComment(
  { id, at, by, text, mentions }: StoredComment,
  labelOf: LabelOf,
  secretive: boolean,
): RequestComment {
  return {
    id,
    at: new Date(at).toISOString(),
    by: labelOf(by),
    ...(!secretive && { text }),
    mentions: mentions.map(labelOf),
  };
}

/** What a request asked for before it was changed, such as `Before: POST /orders until 1 March 2027, for “Refunds”`. */
export function beforeText(
  before: RevisedFrom,
  contract: Contract,
  secretive: boolean,
): string {
  const operations = grantedOperations(
    [...before.operations] as OperationInput[],
    contract,
  );
  const where = before.in.length > 0 ? ` in ${before.in.join(', ')}` : '';
  const why = before.reason && !secretive ? `, for “${before.reason}”` : '';
  return `Before: ${operationsText(operations)}${where}${untilText(
    before.until,
  )}${why}`;
}
