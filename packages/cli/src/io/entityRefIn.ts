import {
  entityRefOf,
  formatEntityRef,
  parseEntityRefText,
  type CatalogEntity,
} from '@callgate/policy';
import { UsageError } from '../UsageError';

/** What a reference on the command line may be about. */
export type AskedKind = 'api' | 'caller';

/**
 * The full reference of an entity of the catalog; another one has no answer, and is most often a slip.
 *
 * @throws UsageError naming some that there are
 */
export function entityRefIn(
  catalog: readonly CatalogEntity[],
  kind: AskedKind,
  text: string,
): string {
  const kinds = kind === 'api' ? ['api'] : ['component', 'resource'];
  const known = catalog
    .map(entityRefOf)
    .filter(ref => kinds.some(each => ref.startsWith(`${each}:`)))
    .sort();
  for (const each of kinds) {
    const parts = parseEntityRefText(text, {
      kind: each,
      namespace: 'default',
    });
    const ref = parts && formatEntityRef(parts);
    if (ref !== undefined && known.includes(ref)) return ref;
  }
  const listed = known.slice(0, 5).join(', ');
  const more = known.length > 5 ? `, and ${known.length - 5} more` : '';
  throw new UsageError(
    `${text} is no ${
      kind === 'api' ? 'API' : 'component or resource'
    } of the catalog; it has ${listed || 'none'}${more}`,
  );
}
