import { createBackendPlugin } from '@backstage/backend-plugin-api';

/**
 * The Callgate backend: requests, approvals and proposals for access between components.
 *
 * @public
 */
export const callgatePlugin = createBackendPlugin({
  pluginId: 'callgate',
  register(env) {
    env.registerInit({ deps: {}, async init() {} });
  },
});
