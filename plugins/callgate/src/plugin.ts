import { createPlugin } from '@backstage/core-plugin-api';

/**
 * Callgate for the classic frontend system.
 *
 * @public
 */
export const callgatePlugin = createPlugin({ id: 'callgate' });
