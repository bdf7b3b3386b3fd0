import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import useDebounce from 'react-use/esm/useDebounce';
import { useLoaded } from '../../hooks';

const WAIT = 250;
const LIMIT = 20;
const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
];

/** The APIs that a call can be explained for: those that concern the caller first, then whatever the catalog shows. */
export function useTargets(targets: readonly EntityLabel[]) {
  const catalog = useApi(catalogApiRef);
  const [text, setText] = useState('');
  const [term, setTerm] = useState('');
  useDebounce(() => setTerm(text.trim()), WAIT, [text]);

  const found = useLoaded(term, async (): Promise<EntityLabel[]> => {
    const { items } = await catalog.queryEntities({
      filter: { kind: 'api' },
      fields: FIELDS,
      limit: LIMIT,
      orderFields: { field: 'metadata.name', order: 'asc' },
      ...(term && {
        fullTextFilter: { term, fields: ['metadata.name', 'metadata.title'] },
      }),
    });
    return items.map(entity => ({
      ref: stringifyEntityRef(entity),
      kind: 'api',
      namespace: entity.metadata.namespace ?? 'default',
      name: entity.metadata.name,
      ...(entity.metadata.title && { title: entity.metadata.title }),
      state: 'visible',
    }));
  });
  const wanted = term.toLocaleLowerCase();
  const first = targets.filter(
    ({ state, title = '', ref }) =>
      state === 'visible' &&
      `${title} ${ref}`.toLocaleLowerCase().includes(wanted),
  );
  const known = new Set(first.map(({ ref }) => ref));
  return {
    options: [
      ...first,
      ...(found.value ?? []).filter(({ ref }) => !known.has(ref)),
    ],
    loading: found.loading || text.trim() !== term,
    error: found.error,
    setText,
  };
}
