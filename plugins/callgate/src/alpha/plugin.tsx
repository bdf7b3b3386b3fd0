import { createFrontendPlugin } from '@backstage/frontend-plugin-api';

/**
 * Callgate for the new frontend system.
 *
 * @public
 */
export const callgatePlugin = createFrontendPlugin({
  pluginId: 'callgate',
  title: 'Access',
  info: { packageJson: () => import('../../package.json') },
  extensions: [],
});
