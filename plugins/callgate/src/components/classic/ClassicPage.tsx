import { Content, Header, HeaderTabs, Page } from '@backstage/core-components';
import type { ReactNode } from 'react';
import { inboxRouteRef, proposalsRouteRef } from '../../routes';
import { useNavigate, useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { OnlyHere } from '../marks';

/** The frame that portals of the new frontend system draw themselves: header, tabs, content. */
export function ClassicPage(props: {
  /** Of a page that is no list; that of requests by default. */
  title?: string;
  /** Which tab is open; none on the page of one request or pull request. */
  tab?: 'requests' | 'proposals';
  children: ReactNode;
}) {
  const t = useText();
  const navigate = useNavigate();
  const requests = useOptionalRouteRef(inboxRouteRef);
  const proposals = useOptionalRouteRef(proposalsRouteRef);
  const tabs = [
    { id: 'requests', label: t('pages.requests'), path: requests?.() },
    { id: 'proposals', label: t('pages.proposals'), path: proposals?.() },
  ].filter(({ path }) => path !== undefined);
  const { tab, title, children } = props;
  return (
    <OnlyHere>
      <Page themeId="tool">
        <Header
          title={title ?? t('pages.title')}
          type={tab || title ? undefined : t(`pages.requests`)}
          typeLink={tab || title ? undefined : requests?.()}
        />
        {tab && (
          <HeaderTabs
            tabs={tabs}
            selectedIndex={tabs.findIndex(({ id }) => id === tab)}
            onChange={index => {
              const path = tabs[index].path;
              if (path) {
                navigate(path);
              }
            }}
          />
        )}
        <Content>{children}</Content>
      </Page>
    </OnlyHere>
  );
}
