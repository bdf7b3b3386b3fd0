import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { useState } from 'react';
import useDebounce from 'react-use/esm/useDebounce';
import type { DraftMode } from '../../draft';
import { useLoaded } from '../../hooks';
import {
  CALLER_KINDS,
  CallerOption,
  loadOwned,
  readCaller,
  searchCallers,
} from './callerOptions';

const WAIT = 250;

/** What can be picked as the caller: what the reader owns at once, everything else as soon as it is searched for. */
export function useCallers(mode: DraftMode, startRef: string | undefined) {
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  const [text, setText] = useState('');
  const [term, setTerm] = useState('');
  useDebounce(() => setTerm(text.trim()), WAIT, [text]);

  const owned = useLoaded(`owned ${startRef}`, async () => {
    const { ownershipEntityRefs } = await identity.getBackstageIdentity();
    const [mine, start] = await Promise.all([
      loadOwned(catalog, ownershipEntityRefs),
      startRef ? readCaller(catalog, ownershipEntityRefs, startRef) : undefined,
    ]);
    return { claims: ownershipEntityRefs, mine, start };
  });
  const mine = owned.value?.mine ?? [];
  const ownsNothing = owned.value !== undefined && mine.length === 0;
  const searching =
    owned.value !== undefined &&
    (mode === 'grant' || ownsNothing || term !== '');
  const found = useLoaded(
    `${mode} ${searching} ${term}`,
    async (): Promise<CallerOption[]> =>
      searching
        ? searchCallers(
            catalog,
            owned.value?.claims ?? [],
            CALLER_KINDS[mode],
            term,
          )
        : [],
  );
  const wanted = term.toLocaleLowerCase();
  const matching = mine.filter(({ name, ref }) =>
    `${name} ${ref}`.toLocaleLowerCase().includes(wanted),
  );
  // Enter takes the first one: that is the one whose name one has begun to write.
  const begins = ({ name }: CallerOption) =>
    name.toLocaleLowerCase().startsWith(wanted) ? 0 : 1;
  matching.sort((a, b) => begins(a) - begins(b));
  const others = (found.value ?? []).filter(
    option => !mine.some(({ ref }) => ref === option.ref),
  );
  return {
    options: [...matching, ...others],
    start: owned.value?.start,
    /** What the reader owns, whatever is searched for. */
    mine,
    ownsNothing,
    loading: owned.loading || found.loading || text.trim() !== term,
    error: owned.error ?? found.error,
    reload: owned.error ? owned.reload : found.reload,
    setText,
  };
}
