import { existsSync, readFileSync, readdirSync } from 'fs';
import { resolve } from 'path';
import { buildCluster } from '../../estate/buildCluster';
import { loadManifests } from '../../estate/loadManifests';
import { SourceFile } from '../../source';
import { profileReport } from './profileReport';

/** Public demo applications. */
const ESTATES =
  process.env.CALLGATE_ESTATES ??
  resolve(__dirname, '../../../../../../shared/data/estates');
const isHere = existsSync(ESTATES);
const onEstates = isHere ? describe : describe.skip;

/** Estates of this repository, with the shape of what platform teams run. */
const OWN = resolve(__dirname, '../../../../cli/testdata/estates');

function manifestsIn(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return manifestsIn(path);
    return /\.ya?ml$/.test(entry.name) && entry.name !== 'swagger.yaml'
      ? [{ path, text: readFileSync(path, 'utf8') }]
      : [];
  });
}

function reported(folder: string) {
  const { objects } = loadManifests(manifestsIn(folder));
  return profileReport(buildCluster({ name: 'prod', objects }).cluster);
}

/*
 * Read by hand: none of them has an object of a platform. Sock Shop and Online
 * Boutique have annotations for Prometheus on pods and Services, which are
 * theirs to write and tell nobody's address. What surely runs without a proxy
 * is said of each, since nothing in them is of a mesh, except Bookinfo, which
 * has objects of Istio's and says nowhere whether pods have a sidecar.
 */
onEstates(
  isHere
    ? 'public demo applications'
    : `public demo applications, which are not here (CALLGATE_ESTATES)`,
  () => {
    it.each([
      ['online-boutique', ['mesh.mode']],
      ['sock-shop', ['mesh.mode']],
      ['bookinfo', []],
    ])('%s says nothing of the platform below it', (name, known) => {
      const { entries } = reported(`${ESTATES}/${name}`);
      expect(
        entries
          .filter(each => each.state !== 'guessed')
          .map(({ field, state }) => `${field} ${state}`),
      ).toEqual(known.map(field => `${field} found`));
      expect(entries.flatMap(each => each.suggestedBy)).toEqual([]);
    });
  },
);

it('an estate with an operated Prometheus names it, and no port to open for it', () => {
  const { entries } = reported(`${OWN}/metrics-stack`);
  const scrapers = entries.find(({ field }) => field === 'scrapers');
  expect(scrapers).toMatchObject({
    state: 'guessed',
    value: [],
    suggestedBy: [{ object: expect.stringMatching(/^Prometheus /) }],
  });
  expect(scrapers?.lines).toEqual([]);
});
