import { SidebarItem } from '@backstage/core-components';
import {
  errorApiRef,
  identityApiRef,
  useApi,
} from '@backstage/core-plugin-api';
import { useUserProfile } from '@backstage/plugin-user-settings';
import ExitToAppIcon from '@material-ui/icons/ExitToApp';

/** Says who is signed in and lets them leave: in the demo the way to become somebody else. */
export function SignOutItem() {
  const identityApi = useApi(identityApiRef);
  const errorApi = useApi(errorApiRef);
  const { displayName } = useUserProfile();
  return (
    <SidebarItem
      icon={ExitToAppIcon}
      text={displayName ? `Sign out ${displayName}` : 'Sign out'}
      onClick={() => identityApi.signOut().catch(e => errorApi.post(e))}
    />
  );
}
