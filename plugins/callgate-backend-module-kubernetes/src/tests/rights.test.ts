import {
  WANTED,
  asArray,
  asJson,
  folderOfKind,
  readKinds,
} from '@callgate/cluster-reader';
import { readRbac } from '../__testUtils__/rbac';

/** How a kind is called in paths, as definitions of these kinds have it. */
function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (/[^aeiou]y$/.test(name)) return name.replace(/y$/, 'ies');
  if (/ss$/.test(name)) return `${name}es`;
  return name.endsWith('s') ? name : `${name}s`;
}

/** `group/plural` of every right in a Role or ClusterRole. */
function rightsOf(
  kind: string,
): { right: string; verbs: unknown; names: unknown }[] {
  return readRbac()
    .filter(each => each.kind === kind)
    .flatMap(({ rules }) => asArray(rules).map(asJson))
    .flatMap(({ apiGroups, resources, verbs, resourceNames }) =>
      asArray(apiGroups).flatMap(group =>
        asArray(resources).map(resource => ({
          right: `${group}/${resource}`,
          verbs,
          names: resourceNames,
        })),
      ),
    );
}

const wanted = WANTED.flatMap(({ groups, kinds, byName }) =>
  groups.flatMap(group =>
    kinds.map(kind => ({ right: `${group}/${pluralOf(kind)}`, byName })),
  ),
);

describe('deploy/rbac.yaml', () => {
  it('gives the rights to what is read, and to nothing else but tiers of Calico', () => {
    const given = rightsOf('ClusterRole').map(({ right }) => right);
    expect(given.filter(each => !/\/tiers?(\.|$)/.test(each)).sort()).toEqual(
      wanted
        .filter(({ byName }) => !byName)
        .map(({ right }) => right)
        .sort(),
    );
    expect(new Set(given).size).toBe(given.length);
  });

  it('gives ConfigMaps by their names alone', () => {
    const ofNames = (names: string[]) => ({
      ...{ right: '/configmaps', verbs: ['get', 'list', 'watch'], names },
    });
    expect(rightsOf('Role')).toEqual([
      ofNames(['istio', 'istio-cni-config']),
      ofNames(['cilium-config', 'istio-cni-config']),
    ]);
  });

  it('lets nobody write, and nobody read Secrets or everything', () => {
    const all = [...rightsOf('ClusterRole'), ...rightsOf('Role')];
    expect(all.map(({ verbs }) => verbs)).toEqual(
      all.map(() => ['get', 'list', 'watch']),
    );
    expect(all.filter(({ right }) => /secret(s|$)|\*/.test(right))).toEqual([]);
  });
});

describe('readKinds', () => {
  it("reads Calico's policies once where its server shows them too", () => {
    const kind = {
      version: 'v1',
      plural: 'networkpolicies',
      kind: 'NetworkPolicy',
      namespaced: true,
    };
    const stored = { ...kind, group: 'crd.projectcalico.org' };
    const shown = { ...kind, group: 'projectcalico.org' };
    const groupsOf = (kinds: (typeof stored)[]) =>
      readKinds({ kinds, unanswered: [] }).map(({ group }) => group);
    expect(groupsOf([stored, shown])).toEqual(['projectcalico.org']);
    expect(groupsOf([stored])).toEqual(['crd.projectcalico.org']);
  });

  it('keeps kinds of one name apart', () => {
    expect(
      folderOfKind({ group: 'networking.k8s.io', plural: 'networkpolicies' }),
    ).toBe('networkpolicies');
    expect(
      folderOfKind({ group: 'projectcalico.org', plural: 'networkpolicies' }),
    ).toBe('networkpolicies.projectcalico.org');
    expect(
      folderOfKind({ group: 'serving.knative.dev', plural: 'services' }),
    ).toBe('services.serving.knative.dev');
  });
});
