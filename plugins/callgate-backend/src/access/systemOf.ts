import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogEntity } from '@callgate/policy';

/** Ref of the system that an entity says it is part of; `undefined` where it says none, or nonsense. */
export function systemOf(
  entity: CatalogEntity | undefined,
): string | undefined {
  const system = entity?.spec?.system;
  if (typeof system !== 'string') return undefined;
  try {
    return stringifyEntityRef(
      parseEntityRef(system, {
        defaultKind: 'system',
        defaultNamespace: entity?.metadata.namespace ?? 'default',
      }),
    );
  } catch {
    return undefined;
  }
}
