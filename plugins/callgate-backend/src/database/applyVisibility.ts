import type { Knex } from 'knex';
import type { RequestVisibility } from '../permissions/types';

/** Turns a permission decision into SQL on `access_requests`. An empty list of refs matches nothing. */
export function applyVisibility(
  query: Knex.QueryBuilder,
  visible: RequestVisibility,
): void {
  query.where(builder => add(builder, visible, false));
}

function add(
  query: Knex.QueryBuilder,
  visible: RequestVisibility,
  negate: boolean,
): void {
  if ('not' in visible) {
    add(query, visible.not, !negate);
  } else if ('anyOf' in visible || 'allOf' in visible) {
    const parts = 'anyOf' in visible ? visible.anyOf : visible.allOf;
    // De Morgan: a negated "any" is an "all" of negations.
    const any = 'anyOf' in visible !== negate;
    query.where(inner => {
      for (const part of parts) {
        inner[any ? 'orWhere' : 'andWhere'](each => add(each, part, negate));
      }
      if (parts.length === 0 && any) {
        inner.whereRaw('1 = 0');
      }
    });
  } else {
    const { role, refs } = visible;
    query[negate ? 'whereNotIn' : 'whereIn']('access_requests.id', sub =>
      sub
        .select('request_id')
        .from('request_parties')
        .where({ role })
        .whereIn('ref', refs),
    );
  }
}
