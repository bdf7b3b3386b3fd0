import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { filesIn } from '../__testUtils__/filesIn';
import { buildCluster } from '../estate/buildCluster';
import { loadManifests } from '../estate/loadManifests';
import type { CatalogEntity } from '../model/types';
import { parsePlatformProfile } from '../profile/parsePlatformProfile';
import { onboard } from './onboard';
import { nameOfOrigin } from './policyText';
import type { AccessChange, OnboardedApi, OnboardInput } from './types';

/*
 * Cases of import: testdata/onboard/<case>/ has a catalog, an estate with hand-written policies and a profile; expected/ has
 * every AccessPolicy byte for byte, and expected.yaml what becomes of the rest. What is expected is reasoned in why.md, never
 * copied from an answer.
 */
const FOLDER = resolve(__dirname, '../../testdata/onboard');
const cases = readdirSync(FOLDER).sort();

function readCase(name: string): OnboardInput {
  const folder = join(FOLDER, name);
  const { profile } = parsePlatformProfile({
    path: 'profile.yaml',
    text: readFileSync(join(folder, 'profile.yaml'), 'utf8'),
  });
  const { objects } = loadManifests(filesIn(join(folder, 'estate'), folder));
  return {
    catalog: parseAllDocuments(
      readFileSync(join(folder, 'catalog.yaml'), 'utf8'),
    ).map((document): CatalogEntity => document.toJS()),
    clusters: [buildCluster({ name: profile!.name, objects, profile }).cluster],
  };
}

interface Expected {
  unchanged: boolean;
  apis: Record<string, object>;
  handWritten: Record<string, 'can go' | 'stays'>;
}

/** What became of an API, in words that a case can write down; what there is none of is left out. */
function written({ state, leftOut, kept, proposed }: OnboardedApi): object {
  const some = (name: string, values: object) =>
    Object.keys(values).length > 0 ? { [name]: values } : {};
  return {
    state,
    ...(leftOut && { reason: leftOut.reason }),
    ...(leftOut?.reason === 'not-known' && {
      conditions: leftOut.conditions.map(({ object }) => object),
    }),
    ...(leftOut?.reason === 'would-change' && {
      lost: leftOut.changes.map(callText),
    }),
    ...some(
      'kept',
      Object.fromEntries(
        kept.map(({ caller, reason }) => [caller.ref, reason]),
      ),
    ),
    ...some(
      'proposed',
      Object.fromEntries(
        proposed.map(({ caller, canCall }) => [caller, canCall]),
      ),
    ),
  };
}

function callText({ change, witness }: AccessChange): string {
  const { from, to, protocol, port } = witness;
  const call = `${from} -> ${to} ${protocol} ${port}`;
  return change === 'lost' ? call : `gained ${call}`;
}

describe.each(cases)('import: %s', name => {
  const folder = join(FOLDER, name);
  const input = readCase(name);
  const result = onboard(input);
  const expected: Expected = parse(
    readFileSync(join(folder, 'expected.yaml'), 'utf8'),
  );

  it('writes these AccessPolicies and no others', () => {
    expect(result.files).toEqual(
      filesIn(join(folder, 'expected'), join(folder, 'expected')),
    );
  });

  it('says what becomes of each API and each hand-written policy', () => {
    expect({
      unchanged: result.unchanged,
      apis: Object.fromEntries(
        result.apis.map(each => [each.api, written(each)]),
      ),
      handWritten: Object.fromEntries(
        result.handWritten.map(each => [
          nameOfOrigin(each),
          each.canGo ? 'can go' : 'stays',
        ]),
      ),
    }).toEqual(expected);
  });

  it('says why, where it says nothing about it', () => {
    expect(existsSync(join(folder, 'why.md'))).toBe(true);
    for (const { canGo, changes } of result.handWritten)
      expect(changes.length > 0).toBe(!canGo);
  });

  it('is the same whatever the order of what goes in', () => {
    const [cluster] = input.clusters;
    const turned = onboard({
      catalog: [...input.catalog].reverse(),
      clusters: [
        buildCluster({
          name: cluster.name,
          objects: [...cluster.objects].reverse(),
          profile: cluster.profileOption,
        }).cluster,
      ],
    });
    expect(turned.files).toEqual(result.files);
    expect(turned.apis).toEqual(result.apis);
  });
});
