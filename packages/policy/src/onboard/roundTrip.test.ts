import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { filesIn } from '../__testUtils__/filesIn';
import { isGenerated } from '../plan/foreignPolicies';
import { buildCluster } from '../estate/buildCluster';
import { loadManifests } from '../estate/loadManifests';
import type { ManifestObject } from '../estate/types';
import { formatCallerRef, parseCallerRef } from '../model/callerRef';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { CatalogEntity } from '../model/types';
import { parsePlatformProfile } from '../profile/parsePlatformProfile';
import { onboard } from './onboard';

/*
 * Every named case the other way round: what it generates is put into the estate as if people had written it, and imported.
 */
const FOLDER = resolve(__dirname, '../../testdata');

/**
 * What Callgate generated, as if somebody had written it by hand. Two PeerAuthentications that select one workload are an error
 * (Istio takes the older one), so that theirs is that of the namespace.
 */
function byHand({ object, at }: ManifestObject): ManifestObject {
  const { name, namespace = 'default' } = object.metadata;
  return object.kind === 'PeerAuthentication'
    ? {
        object: {
          ...object,
          metadata: { name: 'default', namespace },
          spec: { mtls: { mode: 'STRICT' } },
        },
        at,
      }
    : {
        object: { ...object, metadata: { name: `hand.${name}`, namespace } },
        at,
      };
}

/** Each object once: several PeerAuthentications of a namespace have become one. */
function distinct(manifests: readonly ManifestObject[]): ManifestObject[] {
  return [
    ...new Map(
      manifests.map(each => {
        const { kind, metadata } = each.object;
        return [`${kind} ${metadata.namespace} ${metadata.name}`, each];
      }),
    ).values(),
  ];
}

const cases = readdirSync(FOLDER)
  .filter(name => existsSync(join(FOLDER, name, 'expected/clusters')))
  .sort();

/** Whom the case grants something, in full. */
function declaredCallers(folder: string): string[] {
  return filesIn(join(folder, 'policies')).flatMap(file => {
    const { policy } = parseAccessPolicy(file);
    return (policy?.spec.grants ?? []).flatMap(({ caller }) => {
      const found = parseCallerRef(caller, policy!.metadata.namespace);
      return found ? [formatCallerRef(found)] : [];
    });
  });
}

let imported = 0;

describe.each(cases)(
  'what was generated for %s, taken for hand-written',
  name => {
    it('is imported without a change, to nobody else', () => {
      const folder = join(FOLDER, name);
      const { profile } = parsePlatformProfile({
        path: 'profile.yaml',
        text: readFileSync(join(folder, 'profile.yaml'), 'utf8'),
      });
      const estate = loadManifests(filesIn(join(folder, 'estate'))).objects;
      const generated = loadManifests(
        filesIn(join(folder, 'expected/clusters')),
      ).objects;
      expect(generated.every(({ object }) => isGenerated(object))).toBe(true);
      const catalog = parseAllDocuments(
        readFileSync(join(folder, 'catalog.yaml'), 'utf8'),
      ).map((document): CatalogEntity => document.toJS());
      const { apis, changes } = onboard({
        catalog,
        clusters: [
          buildCluster({
            name: profile!.name,
            objects: [...estate, ...distinct(generated.map(byHand))],
            profile,
          }).cluster,
        ],
      });
      expect(changes).toEqual([]);
      // Nobody is granted anything to whom the case did not grant it: each caller of it is an entity, a gateway or `self`.
      const callers = apis.flatMap(({ grants }) =>
        grants.map(({ grant }) => grant.caller),
      );
      expect(declaredCallers(folder)).toEqual(expect.arrayContaining(callers));
      imported += callers.length;
    });
  },
);
it('comes to grants again for most cases, in every row of the mesh', () => {
  // Of 69 APIs: the others are addresses, policies of others, dry runs, contested claims and what closes to everybody.
  expect(imported).toBeGreaterThanOrEqual(45);
});
