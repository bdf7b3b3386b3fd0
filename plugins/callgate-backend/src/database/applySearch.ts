import type { Knex } from 'knex';
import type { RequestSearch } from './AccessStore';

/** Turns what somebody looks for into SQL on `access_requests`: every word has to be found somewhere. */
export function applySearch(
  query: Knex.QueryBuilder,
  { words, secretive }: RequestSearch,
): void {
  for (const { text, number, apis, callers, people } of words) {
    query.where(found => {
      found
        .whereIn('api_ref', [...apis])
        .orWhereIn('caller_ref', [...callers])
        .orWhereIn('requested_by', [...people]);
      if (number !== undefined) found.orWhere({ number });
      found.orWhere(said =>
        said
          .whereRaw("words like ? escape '!'", [`%${escaped(text)}%`])
          .where(told =>
            told
              .whereNotIn('caller_ref', [...secretive.callers])
              .orWhere({ requested_by: secretive.exceptRequestedBy }),
          ),
      );
    });
  }
}

function escaped(text: string): string {
  return text.toLowerCase().replace(/[!%_]/g, '!$&');
}
