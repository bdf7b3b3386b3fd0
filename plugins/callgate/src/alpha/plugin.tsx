import {
  createFrontendPlugin,
  type ExtensionDefinition,
} from '@backstage/frontend-plugin-api';
import GateIcon from '@material-ui/icons/VpnKey';
import {
  apiAccessRouteRef,
  accessRouteRef,
  callsRouteRef,
  catalogIndexRouteRef,
  grantRouteRef,
  inboxRouteRef,
  proposalRouteRef,
  proposalsRouteRef,
  requestRouteRef,
} from '../routes';
import { callgateApi } from './apis';
import {
  accessPolicyCard,
  apiAccessContent,
  callsContent,
} from './entityContents';
import { pages } from './pages';

/** By their common type: the inferred one lists groups of tabs in an order that depends on what else is compiled. */
const extensions: ExtensionDefinition[] = [
  callgateApi,
  ...pages,
  apiAccessContent,
  callsContent,
  accessPolicyCard,
];

/**
 * Callgate for the new frontend system.
 *
 * @public
 */
export const callgatePlugin = createFrontendPlugin({
  pluginId: 'callgate',
  title: 'Access',
  icon: <GateIcon fontSize="inherit" />,
  info: { packageJson: () => import('../../package.json') },
  routes: {
    root: accessRouteRef,
    requests: inboxRouteRef,
    request: requestRouteRef,
    grant: grantRouteRef,
    proposals: proposalsRouteRef,
    proposal: proposalRouteRef,
    apiAccess: apiAccessRouteRef,
    calls: callsRouteRef,
  },
  externalRoutes: { catalogIndex: catalogIndexRouteRef },
  extensions,
});
