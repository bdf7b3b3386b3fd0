import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { EstateSource } from './EstateSource';

/**
 * Where modules that read clusters register.
 *
 * @public
 */
export interface CallgateEstateSourcesExtensionPoint {
  addEstateSource(...sources: Array<EstateSource | EstateSource[]>): void;
}

/**
 * The extension point that estate modules depend on.
 *
 * @public
 */
export const callgateEstateSourcesExtensionPoint =
  createExtensionPoint<CallgateEstateSourcesExtensionPoint>({
    id: 'callgate.estate-sources',
  });
