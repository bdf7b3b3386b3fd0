import { Content } from '@backstage/core-components';
import type { ReactNode } from 'react';
import { OnlyHere } from '../components/marks';

/** What a page is about. The frame that portals draw around pages has no main landmark of its own. */
export function PageContent({ children }: { children: ReactNode }) {
  return (
    <main>
      <OnlyHere>
        <Content>{children}</Content>
      </OnlyHere>
    </main>
  );
}
