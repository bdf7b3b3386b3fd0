import { SidebarItem } from '@backstage/core-components';
import {
  UserSettingsSignInAvatar,
  useUserProfile,
} from '@backstage/plugin-user-settings';

/** Who is signed in, always in sight because in the demo it changes; leads to the settings. */
export function PersonItem(props: { settingsHref: string }) {
  const { displayName } = useUserProfile();
  return (
    <SidebarItem
      icon={PersonIcon}
      text={displayName || 'Settings'}
      to={props.settingsHref}
    />
  );
}

function PersonIcon() {
  return <UserSettingsSignInAvatar size={24} />;
}
