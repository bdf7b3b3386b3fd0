import { createPermissionResourceRef } from '@backstage/plugin-permission-node';
import {
  CALLGATE_PLUGIN_ID,
  RESOURCE_TYPE_ACCESS_REQUEST,
} from '@callgate/plugin-callgate-common';
import type { RequestParties, RequestVisibility } from './types';

/**
 * Access requests as a resource of permission policies.
 *
 * @public
 */
export const accessRequestResourceRef = createPermissionResourceRef<
  RequestParties,
  RequestVisibility
>().with({
  pluginId: CALLGATE_PLUGIN_ID,
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});
