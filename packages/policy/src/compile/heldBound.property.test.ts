import fc from 'fast-check';
import { fuzz } from '../__testUtils__/fuzz';
import { withGenerated } from './generatedObjects';
import { loadManifests } from '../estate/loadManifests';
import type { Grant, GrantOperation } from '../model/types';
import { build, company } from '../plan/__testUtils__/company';
import type { PlanInput } from '../plan/types';
import { verify } from '../verify/verify';
import { compile } from './compile';
import { readInForce } from './inForce';
import type { Compilation } from './types';

type Policies = PlanInput['policies'];

/** The declarations with grants changed; undefined takes one out. */
function withGrants(
  policies: Policies,
  change: (api: string, grant: Grant) => Grant | undefined,
): Policies {
  return policies.map(each => {
    const { spec } = each.policy;
    const grants = spec.grants.flatMap(grant => change(spec.api, grant) ?? []);
    return { ...each, policy: { ...each.policy, spec: { ...spec, grants } } };
  });
}

const GAPS = [
  'method-not-enforced',
  'identity-not-enforced',
  'shared-service-account',
];
const VANISHED: GrantOperation = { id: 'vanished' };

describe('whatever ends or is cut down beside held grants', () => {
  it('is closed, and nothing that a held grant or a sound one opens is', () => {
    let beside = 0;
    fuzz(
      fc.property(
        company.filter(({ mode }) => mode === 'enforce'),
        fc.array(
          fc.constantFrom(
            'held' as const,
            'unacknowledged' as const,
            'ended' as const,
            'cut' as const,
            'sound' as const,
          ),
          {
            minLength: 12,
            maxLength: 12,
          },
        ),
        fc.constantFrom(
          'component:default/a',
          'component:default/b',
          'system:default/s',
          'cidr:192.0.2.0/24',
        ),
        (declared, fates, caller) => {
          // Under one account, and among pods without any identity, the mesh tells nobody apart.
          const input = build({
            ...declared,
            shared: [],
            plain: declared.plain.slice(0, 1),
            // Most grants are of one caller: what one of them had must not stay with another.
            apis: declared.apis.map(each => ({
              ...each,
              grants: each.grants.map((grant, index) => ({
                ...grant,
                acknowledges: GAPS,
                ...(index < 3 && { caller }),
              })),
            })),
          });
          const sound = soundOf(input);
          const before = compile(sound);
          const grants = sound.policies.flatMap(({ policy: { spec } }) =>
            spec.grants.map(({ id }) => `${spec.api} ${id}`),
          );
          const fateOf = (api: string, id: string) =>
            fates[grants.indexOf(`${api} ${id}`) % fates.length];
          const next = (files: Compilation['files']) =>
            compile({
              ...sound,
              inForce: readInForce(files),
              policies: withGrants(
                sound.policies,
                (api, grant) =>
                  ({
                    ended: undefined,
                    held: {
                      ...grant,
                      operations: [...grant.operations, VANISHED],
                    },
                    // Held where a layer does not hold: what it names can be resolved.
                    unacknowledged: { ...grant, acknowledges: [] },
                    cut: { ...grant, operations: grant.operations.slice(0, 1) },
                    sound: grant,
                  }[fateOf(api, grant.id)]),
              ),
            });
          const once = next(before.files);
          if (once.failedApis.length > 0) return;
          const keys = new Set(
            once.held.map(({ api, grantId }) => `${api} ${grantId}`),
          );
          beside += once.held.filter(one =>
            before.plan.edges.some(
              edge =>
                edge.api === one.api &&
                edge.declaredCaller === one.caller &&
                ['ended', 'cut'].includes(fateOf(edge.api, edge.grantId)),
            ),
          ).length;
          const meant = {
            ...once.plan,
            edges: [
              ...once.plan.edges,
              ...before.plan.edges.filter(({ api, grantId }) =>
                keys.has(`${api} ${grantId}`),
              ),
            ],
          };
          const result = verify({
            plan: meant,
            clusters: input.clusters.map(cluster =>
              withGenerated(cluster, loadManifests(once.files).objects),
            ),
          });
          const texts = (list: typeof result.missing) =>
            list.map(({ from, to, text }) => [from, to, text]);
          expect({
            missing: texts(result.missing),
            surplus: texts(result.surplusOurs),
          }).toEqual({ missing: [], surplus: [] });
          expect(next(once.files).files).toEqual(once.files);
        },
      ),
      60,
    );
    expect(beside).toBeGreaterThan(0);
  });
});

/** The same without grants that have an error of their own. */
function soundOf(input: PlanInput): PlanInput {
  const { held } = compile(input);
  const keys = new Set(held.map(({ api, grantId }) => `${api} ${grantId}`));
  return {
    ...input,
    policies: withGrants(input.policies, (api, grant) =>
      keys.has(`${api} ${grant.id}`) ? undefined : grant,
    ),
  };
}
