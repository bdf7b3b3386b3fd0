import { existsSync, readFileSync, readdirSync } from 'fs';
import { resolve } from 'path';
import { buildCluster, loadManifests } from '../estate';
import { createWorld } from '../evaluate';
import { SourceFile } from '../source';
import { lint } from './lint';

/** Public demo applications; where they are absent, these tests are skipped. */
const ESTATES =
  process.env.CALLGATE_ESTATES ??
  resolve(__dirname, '../../../../../shared/data/estates');
const onEstates = existsSync(ESTATES) ? describe : describe.skip;

function manifestsIn(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return manifestsIn(path);
    return /\.ya?ml$/.test(entry.name)
      ? [{ path, text: readFileSync(path, 'utf8') }]
      : [];
  });
}

function found(name: string, mesh: 'detect' | 'sidecar' | 'ambient') {
  const { objects } = loadManifests(
    manifestsIn(`${ESTATES}/${name}`).filter(
      // The contract of Bookinfo's product page is no manifest.
      ({ path }) => !path.endsWith('swagger.yaml'),
    ),
  );
  const { cluster } = buildCluster({ name, objects, mesh });
  return lint(createWorld([cluster]));
}

const linted = (...of: Parameters<typeof found>) =>
  found(...of).map(({ message }) => message);

/*
 * Read by hand: upstream's network policies of Online Boutique name ports of
 * pods and peers that exist; Bookinfo and Sock Shop have no policies, and their
 * Services lead to ports that containers declare.
 */
onEstates(
  'public demo applications, which have no mistake that we know',
  () => {
    it.each(['online-boutique', 'bookinfo', 'sock-shop'])(
      '%s is clean without a mesh, with sidecars and in ambient',
      name => {
        expect(linted(name, 'detect')).toEqual([]);
        expect(linted(name, 'sidecar')).toEqual([]);
        // Upstream's network policies are for a cluster without ambient mode, which needs port 15008 and an address of probes.
        expect(
          [...new Set(found(name, 'ambient').map(({ code }) => code))].sort(),
        ).toEqual(
          name === 'online-boutique'
            ? ['hbone-port-closed', 'probes-closed']
            : [],
        );
      },
    );
  },
);
