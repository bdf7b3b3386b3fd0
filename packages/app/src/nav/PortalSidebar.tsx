import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import type { NavContentComponentProps } from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import { AccessSidebarItem } from '@callgate/plugin-callgate';
import MenuIcon from '@material-ui/icons/Menu';
import { PersonItem } from './PersonItem';
import { SidebarLogo } from './SidebarLogo';
import { SignOutItem } from './SignOutItem';

/** Callgate's pages and the catalog first, what else there is below, the person at the bottom. */
export function PortalSidebar({ navItems }: NavContentComponentProps) {
  const nav = navItems.withComponent(item => (
    <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
  ));
  // Both have an item of their own below.
  nav.take('page:notifications');
  const access = navItems.take('page:callgate');
  const settings = navItems.take('page:user-settings');

  return (
    <Sidebar>
      <SidebarLogo />
      <SidebarDivider />
      <SidebarGroup label="Menu" icon={<MenuIcon />}>
        {access && <AccessSidebarItem to={access.href} />}
        {nav.take('page:catalog')}
        {nav.take('page:api-docs')}
        <SidebarDivider />
        <SidebarScrollWrapper>
          {nav.rest({ sortBy: 'title' })}
        </SidebarScrollWrapper>
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      <NotificationsSidebarItem />
      <SidebarGroup
        label="Settings"
        icon={<UserSettingsSignInAvatar />}
        to="/settings"
      >
        {settings && <PersonItem settingsHref={settings.href} />}
        <SignOutItem />
      </SidebarGroup>
    </Sidebar>
  );
}
