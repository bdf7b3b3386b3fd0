import { loadManifests } from '../../estate/loadManifests';
import { parsePlatformProfile } from '../parsePlatformProfile';
import {
  daemonSet,
  documents,
  meshConfigMap,
} from './__testUtils__/discovered';
import { discoverProfile } from './discoverProfile';

function look(spec: string, ...yaml: string[]) {
  const { profile } = parsePlatformProfile({
    path: 'profile.yaml',
    text: `apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata: { name: prod }\nspec: ${spec}\n`,
  });
  const { objects } = loadManifests([
    { path: 'estate.yaml', text: documents(...yaml) },
  ]);
  return discoverProfile(profile!, objects);
}

const FLANNEL = daemonSet('kube-flannel-ds', 'kube-flannel');

describe('contradictions', () => {
  it('policies that nobody enforces are no layer, whatever the profile states', () => {
    const { profile, contradictions, findings } = look(
      '{ cni: { enforcesNetworkPolicy: true } }',
      FLANNEL,
    );
    expect(profile.cni.enforcesNetworkPolicy).toBe(false);
    expect(contradictions).toEqual([
      {
        field: 'cni.enforcesNetworkPolicy',
        stated: {
          value: true,
          at: expect.objectContaining({ file: 'profile.yaml', line: 4 }),
        },
        found: [
          {
            field: 'cni.enforcesNetworkPolicy',
            value: false,
            source: {
              object: 'DaemonSet kube-flannel/kube-flannel-ds',
              at: expect.objectContaining({ file: 'estate.yaml', line: 3 }),
            },
          },
        ],
        used: { value: false, by: 'found', isInDoubt: false },
      },
    ]);
    expect(findings[0].message).toMatch(
      /says false\. false counts: it is the stricter one\.$/,
    );
  });

  it('who names another plugin too knows of one that is not seen', () => {
    const { profile, contradictions } = look(
      '{ cni: { name: kube-network-policies, enforcesNetworkPolicy: true } }',
      FLANNEL,
    );
    expect(profile.cni.enforcesNetworkPolicy).toBe(true);
    expect(contradictions.map(({ field, used }) => [field, used.by])).toEqual([
      ['cni.enforcesNetworkPolicy', 'stated'],
      ['cni.name', 'stated'],
    ]);
  });

  it('a stated false stays false', () => {
    const { profile, contradictions } = look(
      '{ cni: { enforcesNetworkPolicy: false } }',
      daemonSet('calico-node', 'kube-system'),
    );
    expect(profile.cni.enforcesNetworkPolicy).toBe(false);
    expect(contradictions).toEqual([]);
  });

  it.each([
    ['trustDomain', 'a.example', 'trustDomain: b.example'],
    [
      'pathNormalization',
      'MERGE_SLASHES',
      'pathNormalization: { normalization: NONE }',
    ],
  ])(
    'of mesh.%s what is stated is used, and what rests on it is conditional',
    (name, value, mesh) => {
      const field = `mesh.${name}`;
      const { profile, contradictions, findings } = look(
        `{ mesh: { ${name}: ${value} } }`,
        meshConfigMap(mesh),
      );
      expect(profile.mesh).toMatchObject({ [name]: value });
      expect(profile.guesses).toContain(field);
      expect(contradictions.map(({ used }) => used)).toEqual([
        { value, by: 'stated', isInDoubt: true },
      ]);
      expect(findings[0].message).toMatch(/rest on it are conditional\.$/);
      const again = discoverProfile(
        profile,
        loadManifests([{ path: 'e.yaml', text: meshConfigMap(mesh) }]).objects,
      );
      expect(again.profile.guesses).toEqual(profile.guesses);
    },
  );

  it('where both say the same, nothing is in doubt', () => {
    const { profile, contradictions } = look(
      '{ mesh: { trustDomain: a.example } }',
      meshConfigMap('trustDomain: a.example'),
    );
    expect(profile.guesses).not.toContain('mesh.trustDomain');
    expect(contradictions).toEqual([]);
  });

  it('objects that contradict each other leave the default', () => {
    const { contradictions } = look(
      '{}',
      daemonSet('cilium', 'kube-system'),
      daemonSet('calico-node', 'kube-system'),
    );
    expect(contradictions).toEqual([
      {
        field: 'cni.name',
        found: [
          expect.objectContaining({ value: 'calico' }),
          expect.objectContaining({ value: 'cilium' }),
        ],
        used: { value: undefined, by: 'default', isInDoubt: false },
      },
    ]);
  });
});
