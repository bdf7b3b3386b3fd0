import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import {
  ALL_RELATION_PAIRS,
  ALL_RELATIONS,
  catalogGraphApiRef,
  DefaultCatalogGraphApi,
} from '@backstage/plugin-catalog-graph';
import {
  RELATION_ADMITS,
  RELATION_ADMITTED_BY,
  RELATION_GUARDED_BY,
  RELATION_GUARDS,
} from '@callgate/plugin-callgate-common';

const PAIRS: [string, string][] = [
  [RELATION_GUARDS, RELATION_GUARDED_BY],
  [RELATION_ADMITS, RELATION_ADMITTED_BY],
];

/** The catalog's graph, which draws the relations that it is told of: those of AccessPolicies as well. */
export const graphModule = createFrontendModule({
  pluginId: 'catalog-graph',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: catalogGraphApiRef,
          deps: {},
          factory: () =>
            new DefaultCatalogGraphApi({
              knownRelations: [...ALL_RELATIONS, ...PAIRS.flat()],
              knownRelationPairs: [...ALL_RELATION_PAIRS, ...PAIRS],
              defaultRelationTypes: { exclude: [] },
            }),
        }),
    }),
  ],
});
