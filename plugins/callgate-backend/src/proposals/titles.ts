import {
  type CatalogEntity,
  entityRefOf,
  parseEntityRefText,
} from '@callgate/policy';
import { isolated } from '../access/isolated';

/** What people call an entity in a sentence: its title or display name, otherwise its name; for what is unknown, the ref. */
export function titlesOf(
  catalog: readonly CatalogEntity[],
): (ref: string) => string {
  const titles = new Map(
    catalog.map(entity => [entityRefOf(entity), titleOf(entity)]),
  );
  return ref =>
    isolated(
      titles.get(ref) ??
        (parseEntityRefText(ref)?.kind === 'user' ? ref : nameOf(ref)),
    );
}

function titleOf({ metadata, spec }: CatalogEntity): string {
  const profile = spec?.profile as { displayName?: unknown } | undefined;
  const name = profile?.displayName;
  return (
    metadata.title ??
    (typeof name === 'string' && name !== '' ? name : metadata.name)
  );
}

function nameOf(ref: string): string {
  return parseEntityRefText(ref)?.name ?? ref;
}
