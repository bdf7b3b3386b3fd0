import { parseEntityRef } from '@backstage/catalog-model';
import type { EntityLabel } from '@callgate/plugin-callgate-common';

/** What is called by its ref until its title is read; whatever is no ref is its own name. */
export function unreadLabel(ref: string): EntityLabel {
  try {
    const { kind, namespace, name } = parseEntityRef(ref);
    return { ref, kind, namespace, name, state: 'visible' };
  } catch {
    return {
      ref,
      kind: 'api',
      namespace: 'default',
      name: ref,
      state: 'missing',
    };
  }
}
