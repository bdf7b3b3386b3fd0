import fc from 'fast-check';
import { fuzz } from '../__testUtils__/fuzz';
import { withGenerated } from './generatedObjects';
import { loadManifests } from '../estate/loadManifests';
import type { GrantOperation } from '../model/types';
import { build, company } from '../plan/__testUtils__/company';
import type { PlanInput } from '../plan/types';
import { verify } from '../verify/verify';
import { compile } from './compile';
import { readInForce } from './inForce';
import type { Compilation } from './types';

type Policies = PlanInput['policies'];

/** The declarations with the operations of each grant replaced; undefined takes the grant out. */
function withOperations(
  policies: Policies,
  change: (
    api: string,
    id: string,
    operations: GrantOperation[],
  ) => GrantOperation[] | undefined,
): Policies {
  return policies.map(each => {
    const { spec } = each.policy;
    const grants = spec.grants.flatMap(grant => {
      const operations = change(spec.api, grant.id, grant.operations);
      return operations ? [{ ...grant, operations }] : [];
    });
    return { ...each, policy: { ...each.policy, spec: { ...spec, grants } } };
  });
}

const VANISHED: GrantOperation = { id: 'vanished' };

describe('whatever ends or is cut down beside held grants', () => {
  it('is closed, and nothing that a held grant or a sound one opens is', () => {
    let held = 0;
    fuzz(
      fc.property(
        company.filter(({ mode }) => mode === 'enforce'),
        fc.array(fc.constantFrom('held', 'ended', 'cut', 'sound'), {
          minLength: 12,
          maxLength: 12,
        }),
        (declared, fates) => {
          // Under one account, and among pods without any identity, the mesh tells nobody apart.
          const input = build({
            ...declared,
            shared: [],
            plain: declared.plain.slice(0, 1),
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
              policies: withOperations(
                sound.policies,
                (api, id, operations) =>
                  ({
                    ended: undefined,
                    held: [...operations, VANISHED],
                    cut: operations.slice(0, 1),
                    sound: operations,
                  }[fateOf(api, id)]),
              ),
            });
          const once = next(before.files);
          if (once.failedApis.length > 0) return;
          held += once.held.length;
          const keys = new Set(
            once.held.map(({ api, grantId }) => `${api} ${grantId}`),
          );
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
    expect(held).toBeGreaterThan(0);
  });
});

/** The same without grants that have an error of their own. */
function soundOf(input: PlanInput): PlanInput {
  const { held } = compile(input);
  const keys = new Set(held.map(({ api, grantId }) => `${api} ${grantId}`));
  return {
    ...input,
    policies: withOperations(input.policies, (api, id, operations) =>
      keys.has(`${api} ${id}`) ? undefined : operations,
    ),
  };
}
