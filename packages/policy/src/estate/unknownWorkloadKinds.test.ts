import { createWorld } from '../evaluate';
import { lint } from '../lint';
import { parsePlatformProfile } from '../profile';
import { buildCluster } from './buildCluster';
import { loadManifests } from './loadManifests';

const pods = (role: string) =>
  `{ metadata: { labels: { role: ${role} } }, spec: { containers: [{ name: c, image: i }] } }`;

const GROUP = `
apiVersion: lab.example/v1
kind: CloneGroup
metadata: { name: c, namespace: shop }
spec: { template: ${pods('c')} }
`;

const LEADERS = `
apiVersion: lab.example/v1
kind: LeaderSet
metadata: { name: l, namespace: shop }
spec:
  leader: ${pods('leader')}
  worker: ${pods('worker')}
  groups: [{ template: ${pods('g')} }, { template: ${pods('h')} }]
`;

const POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: c, namespace: shop }
spec: { podSelector: { matchLabels: { role: c } }, policyTypes: [Ingress] }
`;

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: a, namespace: shop }
spec: { selector: {}, template: ${pods('a')} }
`;

function built(documents: string[], workloadKinds?: object[]) {
  const { profile, findings } = parsePlatformProfile({
    path: 'p.yaml',
    text: JSON.stringify({
      apiVersion: 'callgate.dev/v1alpha1',
      kind: 'PlatformProfile',
      metadata: { name: 'c' },
      spec: { ...(workloadKinds && { workloadKinds }) },
    }),
  });
  expect(findings).toEqual([]);
  const { objects } = loadManifests([
    { path: 'a.yaml', text: documents.join('---') },
  ]);
  return buildCluster({ name: 'c', objects, profile });
}

describe('kinds that nobody knows', () => {
  it('are named where they have a pod template, with the line that teaches them', () => {
    const { findings } = built([GROUP]);
    expect(findings).toMatchObject([
      {
        code: 'workload-kind-unknown',
        message:
          'CloneGroup shop/c has a pod template (spec.template), and the kind CloneGroup is not known: calls from and to these pods are not judged.',
        fix: "State the kind in the platform profile, as workloadKinds: [{ group: lab.example, kind: CloneGroup, templatePath: 'spec.template' }]",
        objects: ['CloneGroup shop/c'],
      },
    ]);
  });

  it('are workloads once the profile has what the finding says', () => {
    const { findings } = built([GROUP, LEADERS]);
    const lines = findings.flatMap(({ data }) => {
      const { group, kind, templatePaths } = data as {
        group: string;
        kind: string;
        templatePaths: string[];
      };
      return templatePaths.map(templatePath => ({ group, kind, templatePath }));
    });
    const taught = built([GROUP, LEADERS], lines);
    expect(taught.findings).toEqual([]);
    expect(
      taught.cluster.workloads.map(({ id, podLabels }) => [id, podLabels.role]),
    ).toEqual([
      ['shop/CloneGroup/c', 'c'],
      ['shop/LeaderSet/l:groups.0', 'g'],
      ['shop/LeaderSet/l:groups.1', 'h'],
      ['shop/LeaderSet/l:leader', 'leader'],
      ['shop/LeaderSet/l:worker', 'worker'],
    ]);
  });

  it('leave it open what a policy selects: it is not said to select nothing', () => {
    const codes = (documents: string[]) =>
      lint(createWorld([built(documents).cluster])).map(({ code }) => code);
    expect(codes([GROUP, POLICY, DEPLOYMENT])).toEqual([]);
    expect(codes([POLICY, DEPLOYMENT])).toEqual(['selects-nothing']);
  });

  it.each([
    ['a Deployment', DEPLOYMENT],
    [
      'a copy of a template',
      GROUP.replace(/.*\n.*CloneGroup/, 'apiVersion: v1\nkind: PodTemplate'),
    ],
    [
      'an object that another one made',
      GROUP.replace(
        'name: c,',
        'ownerReferences: [{ kind: X, name: x }], name: c,',
      ),
    ],
    [
      'a kind without containers',
      'apiVersion: a/v1\nkind: B\nmetadata: { name: b }\nspec: { template: { spec: { containers: [] } } }\n',
    ],
  ])('say nothing of %s', (_, text) => {
    expect(built([text]).findings).toEqual([]);
  });

  it.each(['spec.', '.spec', 'spec.groups[0]', 'spec[].[]', 'a b'])(
    'a path that nothing follows is refused: %j',
    templatePath => {
      const { findings } = parsePlatformProfile({
        path: 'p.yaml',
        text: JSON.stringify({
          apiVersion: 'callgate.dev/v1alpha1',
          kind: 'PlatformProfile',
          metadata: { name: 'c' },
          spec: { workloadKinds: [{ group: '', kind: 'K', templatePath }] },
        }),
      });
      expect(findings.map(({ code }) => code)).toEqual(['profile-invalid']);
    },
  );
});
