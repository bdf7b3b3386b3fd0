import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import {
  buildCluster,
  Call,
  Cluster,
  createWorld,
  evaluate,
  lint,
  loadManifests,
  parsePlatformProfile,
  VerdictValue,
} from './index';
import { statedProfile } from './evaluate/__testUtils__/worlds';

/*
 * Judgement cases: testdata/judgement/<case>/ holds the manifests of one or more
 * clusters, as people write them, calls with the verdict that the specification
 * gives them, and why.md. What is expected is reasoned there, never copied from
 * an answer.
 */
const FOLDER = resolve(__dirname, '../testdata/judgement');
const cases = readdirSync(FOLDER).sort();

interface Expected {
  calls: (Call & { verdict: VerdictValue })[];
  /** Exactly the codes that lint says, where a case is about them. */
  lint?: string[];
}

function clusterOf(name: string, folder: string): Cluster {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const { objects, findings } = loadManifests([
    { path: 'manifests.yaml', text: read('manifests.yaml') },
  ]);
  expect(findings).toEqual([]);
  if (!existsSync(join(folder, 'profile.yaml')))
    return buildCluster({ name, objects, profile: statedProfile() }).cluster;
  const profile = parsePlatformProfile({
    path: 'profile.yaml',
    text: read('profile.yaml'),
  });
  expect(profile.findings).toEqual([]);
  return buildCluster({ name, objects, profile: profile.profile }).cluster;
}

describe.each(cases)('judgement of %s', name => {
  const folder = join(FOLDER, name);
  const expected: Expected = parse(
    readFileSync(join(folder, 'expected.yaml'), 'utf8'),
  );
  const world = () =>
    createWorld(
      readdirSync(join(folder, 'clusters'))
        .sort()
        .map(cluster => clusterOf(cluster, join(folder, 'clusters', cluster))),
    );

  it('says why it is there, and asks something', () => {
    const why = readFileSync(join(folder, 'why.md'), 'utf8');
    expect(why.trim().length).toBeGreaterThan(40);
    expect(expected.calls.length).toBeGreaterThan(0);
  });

  it.each(expected.calls)(
    '$verdict: $from to $to on $port $http.method $http.path',
    ({ verdict, ...call }) => {
      expect(evaluate(world(), call)).toMatchObject({ verdict });
    },
  );

  it('is linted as expected', () => {
    const codes = [...new Set(lint(world()).map(({ code }) => code))];
    expect(codes.sort()).toEqual(expected.lint ?? codes.sort());
  });
});
