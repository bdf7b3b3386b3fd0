import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { Forge } from './Forge';

/**
 * Where forge modules register.
 *
 * @public
 */
export interface CallgateForgesExtensionPoint {
  /** Adds forges; two with the same id are an error. */
  addForge(...forges: Array<Forge | Forge[]>): void;
}

/**
 * The extension point that forge modules depend on.
 *
 * @public
 */
export const callgateForgesExtensionPoint =
  createExtensionPoint<CallgateForgesExtensionPoint>({ id: 'callgate.forges' });
