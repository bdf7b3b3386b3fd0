import { createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { resolveLocalText } from './resolveLocalText';

/**
 * Lets the demo's catalog keep API definitions in files of their own. Backstage
 * resolves `$text` beside catalog files at URLs, not beside those on disk.
 * Development only: elsewhere catalogs come from URLs, with Backstage's own rules.
 */
export const localDefinitionsModule = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'local-definitions',
  register(env) {
    env.registerInit({
      deps: { catalog: catalogProcessingExtensionPoint },
      async init({ catalog }) {
        if (process.env.NODE_ENV === 'development') {
          catalog.addPlaceholderResolver('text', resolveLocalText);
        }
      },
    });
  },
});
