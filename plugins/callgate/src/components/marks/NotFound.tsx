import { ErrorPage } from '@backstage/core-components';
import type { ReactNode } from 'react';
import { useParams } from '../../routing';
import { useText } from '../../translation';

/** The page for what is not there, or what a reader may not see: both look alike. */
export function NotFound() {
  const t = useText();
  return <ErrorPage status="404" statusMessage={t('status.notFound')} />;
}

/** A page at exactly its path: portals give a page whatever is below it as well. */
export function OnlyHere(props: {
  /** What is below it and is a page of its own. */
  or?: readonly string[];
  children: ReactNode;
}) {
  const { or = [], children } = props;
  const { '*': below = '' } = useParams();
  const [first] = below.split('/').filter(Boolean);
  return first === undefined || or.includes(first) ? (
    <>{children}</>
  ) : (
    <NotFound />
  );
}
