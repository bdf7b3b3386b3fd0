import fc from 'fast-check';
import { PlanInput } from '../plan';
import { build, company } from '../plan/__testUtils__/company';
import { planInput } from '../plan/__testUtils__/planYaml';

type Json = { [key: string]: unknown };

/** Every object anywhere inside a value. */
function objectsIn(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Json, ...Object.values(value).flatMap(objectsIn)];
}

const LISTS = [
  'from',
  'to',
  'ports',
  'ingress',
  'egress',
  'rules',
  'principals',
  'notPrincipals',
  'paths',
  'methods',
];
const SELECTORS = ['podSelector', 'namespaceSelector', 'selector'];

/** What would mean "everybody" or "everything" in one object of a spec. */
function openEnds(kind: string, part: Json): string[] {
  const emptyLists = LISTS.filter(
    name => Array.isArray(part[name]) && (part[name] as unknown[]).length === 0,
  );
  const emptySelectors = SELECTORS.filter(
    name =>
      name in part &&
      Object.keys((part[name] as { matchLabels: Json }).matchLabels).length ===
        0,
  );
  const isRule = 'from' in part || 'to' in part;
  const complete =
    kind === 'NetworkPolicy' ? 'ports' in part : 'from' in part && 'to' in part;
  return [
    ...emptyLists,
    ...emptySelectors,
    ...(isRule && !complete ? ['incomplete rule'] : []),
  ];
}

describe('whatever is declared', () => {
  it('no rule is without peers, ports or principals, and no selector is empty', () => {
    fc.assert(
      fc.property(company, declared => {
        const { objects } = planInput(build(declared));
        expect(
          objects.flatMap(({ object }) =>
            objectsIn(object.spec).flatMap(part => openEnds(object.kind, part)),
          ),
        ).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('a grant is either edges, or an error, or refused: never silently nothing', () => {
    fc.assert(
      fc.property(company, declared => {
        const input = build(declared);
        const { edges, errors, unsupported } = planInput(input);
        for (const { policy: one } of input.policies) {
          for (const { id } of one.spec.grants) {
            const about = (item: { api?: string; grantId?: string }) =>
              item.api === one.spec.api &&
              (item.grantId === id || item.grantId === undefined);
            expect([...edges, ...errors, ...unsupported].some(about)).toBe(
              true,
            );
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the order of input does not change a byte', () => {
    fc.assert(
      fc.property(company, fc.infiniteStream(fc.nat()), (declared, numbers) => {
        const input = build(declared);
        const shuffle = <T>(items: readonly T[]): T[] =>
          items
            .map(item => ({ item, at: numbers.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item);
        const shuffled: PlanInput = {
          policies: shuffle(input.policies).map(({ policy: one, file }) => ({
            file,
            policy: {
              ...one,
              spec: { ...one.spec, grants: shuffle(one.spec.grants) },
            },
          })),
          catalog: shuffle(input.catalog),
          clusters: shuffle(input.clusters).map(cluster => ({
            ...cluster,
            objects: shuffle(cluster.objects),
          })),
        };
        expect(planInput(shuffled).files).toEqual(planInput(input).files);
      }),
      { numRuns: 60 },
    );
  });

  it('in observe and audit nothing is emitted that enforces', () => {
    fc.assert(
      fc.property(
        company.filter(({ mode, closed }) => mode !== 'enforce' && !closed),
        declared => {
          for (const { object } of planInput(build(declared)).objects) {
            expect(object.kind).toBe('AuthorizationPolicy');
            expect(object.metadata.annotations['istio.io/dry-run']).toBe(
              'true',
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
