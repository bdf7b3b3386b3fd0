import { Company, groupOf, OPERATIONS, PEOPLE } from './Company';
import type { Cause, Stage } from './Stage';
import type { Step } from './Step';

/** Definitions that no reader foresees. */
const BROKEN = [
  JSON.stringify({ openapi: '3.0.3', paths: { '/things': { $ref: '#/%zz' } } }),
  'openapi: {toString: 1}',
  '[',
  'openapi: 3.0.3\npaths: &a { /x: *a }',
];

/** What teams write into their catalog files. */
export function editCatalog(
  company: Company,
  step: Extract<
    Step,
    { do: 'bind' | 'provide' | 'join-system' | 'define' | 'member' }
  >,
): void {
  const { components, apis, members } = company;
  if ('component' in step && !components[step.component]) return;
  switch (step.do) {
    case 'bind':
      if (Company.STEADY.includes(step.component)) break;
      components[step.component].annotations = { ...step.annotations };
      break;
    case 'provide':
      components[step.component].provides = [...step.apis];
      break;
    case 'join-system':
      components[step.component].system = step.joins ? 'shopfront' : undefined;
      break;
    case 'define': {
      const api = apis[step.api];
      api.broken = undefined;
      const [method, path] = OPERATIONS[step.operation];
      if (step.as === 'there') api.operations[step.operation] = [method, path];
      if (step.as === 'gone') delete api.operations[step.operation];
      if (step.as === 'renamed')
        api.operations[step.operation] = [method, `/v2${path}`];
      if (step.as === 'elsewhere')
        api.operations[step.operation] = ['delete', '/admin/things'];
      if (step.as === 'broken') {
        const at = Object.keys(OPERATIONS).indexOf(step.operation);
        api.broken = BROKEN[at % BROKEN.length];
      }
      break;
    }
    default:
      if (step.joins) members[step.team].add(step.person);
      else leave(company, step);
  }
}

/** The person, or another member where they are none. */
function leave(
  { members, former }: Company,
  { person, team }: Extract<Step, { do: 'member' }>,
): void {
  const there = [...members[team]];
  const leaving = members[team].has(person)
    ? person
    : there[PEOPLE.indexOf(person) % there.length];
  if (leaving === undefined) return;
  members[team].delete(leaving);
  former[team].unshift(leaving);
}

/** What those who hold a namespace write about the workloads in it. */
export async function relabel(
  stage: Stage,
  { workload: at, label, value }: Extract<Step, { do: 'relabel' }>,
): Promise<Cause> {
  const { company } = stage;
  const workload = company.workloads[at % company.workloads.length];
  // Whoever holds a namespace writes about all of its workloads, and about no others.
  const beside = company.workloads.filter(
    ({ namespace }) => namespace === workload.namespace,
  );
  const other = beside[value % beside.length];
  if (label === 'app') workload.app = other.app;
  if (label === 'account') workload.account = other.account;
  if (label === 'tier') workload.tier = ['api', 'db', 'web'][value % 3];
  if (label === 'owner') {
    workload.owner = [
      undefined,
      groupOf('evil'),
      groupOf('orders'),
      groupOf('web'),
      '???',
    ][value % 5];
  }
  await stage.bench.estateChanged();
  return { by: 'estate', team: company.holder(workload) };
}

/** A grant that somebody pushes to the target branch. */
export async function declareByHand(
  stage: Stage,
  { api, caller, operation }: Extract<Step, { do: 'declare-by-hand' }>,
): Promise<Cause> {
  const files = await stage.bench.mainFiles();
  const path = `policies/default/${api}.yaml`;
  const start =
    files.get(path) ??
    `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata:
  name: ${api}
  namespace: default
spec:
  owner: ${groupOf(stage.company.apis[api].owner)}
  api: api:default/${api}
  mode: enforce
  grants:
`;
  await stage.bench.pushToMain({
    [path]: `${start.trimEnd().replace('grants: []', 'grants:')}
    - id: by-hand-${stage.log.length}
      caller: ${caller}
      operations:
        - id: ${operation}
`,
  });
  // A declaration opens nothing before a proposal carries it.
  return { by: 'nothing' };
}

/** A generated file that somebody edits on the target branch. */
export async function manifestsByHand(
  stage: Stage,
  { file: at, how }: Extract<Step, { do: 'manifests-by-hand' }>,
): Promise<Cause | undefined> {
  const files = await stage.bench.mainFiles();
  const generated = [...files]
    .filter(([path]) => path.startsWith('clusters/'))
    .sort();
  if (generated.length === 0) return undefined;
  const [path, text] = generated[at % generated.length];
  const next = {
    remove: undefined,
    open: text.replace(/methods:\n(\s*- .*\n)+/, ''),
    'drop-rule': text.replace(/^ {4}- from:\n(?: {6,}.*\n)+/m, ''),
  }[how];
  if (next === text) return undefined;
  await stage.bench.pushToMain({ [path]: next });
  stage.count('manifests by hand');
  return { by: 'hand' };
}
