import type { ReactNode } from 'react';
import { type Loaded, useLoaded, useReloadOnChange } from '../../hooks';
import { Status } from '../marks';

/** A page of one answer of the backend: it is loaded, loaded again when something changes, and a failure is told. */
export function LoadedPage<T>(props: {
  /** What it is of; another name is another answer. */
  name: string;
  load: (signal: AbortSignal) => Promise<T>;
  /** What is said where it cannot be loaded. */
  failed: string;
  children: (value: T, loaded: Loaded<T>) => ReactNode;
}) {
  const { name, load, failed, children } = props;
  const loaded = useLoaded(name, load);
  useReloadOnChange(loaded.reload, { withEstate: true });
  return (
    <Status loaded={loaded} failed={failed} page>
      {value => children(value, loaded)}
    </Status>
  );
}
