import { parseEntityRefText, formatEntityRef } from '../entityRef';
import { CatalogEntity } from '../model/types';
import { CatalogIndex } from '../plan/CatalogIndex';
import { CallerClaim } from './types';

/**
 * Which claims of a caller nobody but its own team stands behind.
 *
 * A system is the caller's where everybody who owns the caller owns the system
 * as well, and where its name means the same system beside the API as beside
 * the caller. Owners are who they are where there is one: whoever names another
 * team alone takes their own right to ask away, and with a second owner beside
 * it they would keep it.
 */
export function unconfirmedClaims(
  { api, caller }: { api: string; caller: string },
  catalog: CatalogIndex,
): ReadonlySet<CallerClaim> {
  const unconfirmed = new Set<CallerClaim>();
  const entity = catalog.get(caller);
  const owners = entity ? [...catalog.ownersOf(entity)] : [];
  if (owners.length !== 1) unconfirmed.add('caller-owners');
  const system = entity && systemOf(entity, entity);
  const beside = entity && systemOf(entity, catalog.get(api));
  const itself = system === undefined ? undefined : catalog.get(system);
  const ownersOfSystem = new Set(itself ? catalog.ownersOf(itself) : []);
  if (
    system === undefined ||
    beside !== system ||
    owners.length === 0 ||
    !owners.every(owner => ownersOfSystem.has(owner))
  )
    unconfirmed.add('caller-system');
  return unconfirmed;
}

/** The system that an entity names, read as if it stood beside another one. */
function systemOf(
  { spec }: CatalogEntity,
  beside: CatalogEntity | undefined,
): string | undefined {
  const text = spec?.system;
  const parts =
    typeof text === 'string'
      ? parseEntityRefText(text, {
          kind: 'system',
          namespace: beside?.metadata.namespace ?? 'default',
        })
      : undefined;
  return parts?.kind === 'system' ? formatEntityRef(parts) : undefined;
}
