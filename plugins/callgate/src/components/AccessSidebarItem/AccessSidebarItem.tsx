import { SidebarItem } from '@backstage/core-components';
import type { JSX } from 'react';
import { useWaiting, waitingTotal } from '../../hooks';
import { useText } from '../../translation';
import { WaitingIcon } from '../marks';

/**
 * What {@link AccessSidebarItem} is given.
 *
 * @public
 */
export interface AccessSidebarItemProps {
  /** The path of the inbox, such as `/access`. */
  to: string;
}

/**
 * The entry of the portal's menu that leads to the inbox, with how much waits for the reader: drawn on its icon, and said in its
 * name, also while the menu is closed.
 *
 * @public
 */
export function AccessSidebarItem(props: AccessSidebarItemProps): JSX.Element {
  const t = useText();
  const total = waitingTotal(useWaiting()) ?? 0;
  const title = t('pages.title');
  return (
    <SidebarItem
      icon={WaitingIcon}
      to={props.to}
      text={title}
      // The menu names its entries by their text alone, whatever is in them.
      aria-label={
        total > 0
          ? `${title}, ${t('inbox.iconCount', { count: total })}`
          : title
      }
    />
  );
}
