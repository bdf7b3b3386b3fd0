import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import callgatePlugin from '../src/alpha';
import { callgateApiRef } from '../src/api';
import { MemoryCallgate } from './MemoryCallgate';
import { ENTITIES } from './shop';

// The pages against a backend in the browser's memory: a reload starts the shop anew.
createDevApp({
  features: [
    catalogPlugin,
    callgatePlugin,
    createFrontendModule({
      pluginId: 'catalog',
      extensions: [
        ApiBlueprint.make({
          params: defineParams =>
            defineParams({
              api: catalogApiRef,
              deps: {},
              factory: () => catalogApiMock({ entities: ENTITIES }),
            }),
        }),
      ],
    }),
    createFrontendModule({
      pluginId: 'callgate',
      extensions: [
        ApiBlueprint.make({
          params: defineParams =>
            defineParams({
              api: callgateApiRef,
              deps: {},
              factory: () => new MemoryCallgate(),
            }),
        }),
      ],
    }),
  ],
});
