import fc from 'fast-check';
import { fuzz } from '../../__testUtils__/fuzz';
import { compile } from '../../compile';
import { CatalogEntity } from '../../model';
import { OPENAPI } from '../__testUtils__/yaml';
import { build, company } from '../__testUtils__/company';

const NAMES = ['a', 'b', 'c', 'd'];
const ID = 'backstage.io/kubernetes-id';
const SELECTOR = 'backstage.io/kubernetes-label-selector';

/** What a stranger may write into a catalog file: any binding, any API to provide, any other annotation. */
const stranger = fc.record({
  annotations: fc.oneof(
    fc.record({ [ID]: fc.constantFrom(...NAMES) }),
    fc.record({
      [SELECTOR]: fc.constantFrom(
        'app=a',
        'app in (a,b,c,d)',
        'app!=x',
        '!x',
        'app',
      ),
    }),
    fc.record({ 'callgate.dev/addresses': fc.constant('0.0.0.0/0') }),
  ),
  egress: fc.boolean(),
  provides: fc.subarray([...NAMES, 'own']),
  system: fc.boolean(),
});

type Stranger = typeof stranger extends fc.Arbitrary<infer T> ? T : never;

/** The company where the platform says that everything is one team's. */
function owned(made: Parameters<typeof build>[0]) {
  const input = build(made);
  return {
    ...input,
    clusters: input.clusters.map(cluster => ({
      ...cluster,
      profile: {
        ...cluster.profile,
        owners: [{ namespaces: {}, owner: 'group:default/orders-team' }],
      },
    })),
  };
}

const entityOf = (
  { annotations, egress, provides, system }: Stranger,
  index: number,
): CatalogEntity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: `stranger-${index}`,
    annotations: {
      ...annotations,
      ...(egress && { 'callgate.dev/egress': 'enforce' }),
    },
  },
  spec: {
    owner: 'strangers',
    providesApis: provides,
    ...(system && { system: 's' }),
  },
});

const OWN: CatalogEntity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'API',
  metadata: { name: 'own' },
  spec: { type: 'openapi', owner: 'strangers', definition: OPENAPI },
};

describe('strangers in the catalog', () => {
  it('change nothing that is generated, whatever they write and approve themselves', () => {
    fuzz(
      fc.property(
        company,
        fc.array(stranger, { minLength: 1, maxLength: 4 }),
        (made, strangers) => {
          const input = owned(made);
          const before = compile(input);
          const [first] = input.policies;
          const after = compile({
            ...input,
            catalog: [...input.catalog, OWN, ...strangers.map(entityOf)],
            policies: [
              ...input.policies,
              {
                file: 'own.yaml',
                policy: {
                  ...first.policy,
                  metadata: { name: 'own', namespace: 'default' },
                  spec: {
                    ...first.policy.spec,
                    owner: 'group:default/strangers',
                    api: 'api:default/own',
                    grants: [
                      ...first.policy.spec.grants,
                      {
                        id: 'theirs',
                        caller: 'component:default/stranger-0',
                        operations: [{ id: 'listOrders' }],
                      },
                    ],
                  },
                },
              },
            ],
          });
          expect(after.files).toEqual(before.files);
        },
      ),
      100,
    );
  });
});
