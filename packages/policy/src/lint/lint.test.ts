import { buildCluster } from '../estate/buildCluster';
import { loadManifests } from '../estate/loadManifests';
import { ManifestObject } from '../estate/types';
import { statedProfile } from '../evaluate/__testUtils__/worlds';
import { createWorld } from '../evaluate/World';
import { Finding } from '../findings';
import { LintRow } from './__testUtils__/LintRow';
import { allRows } from './__testUtils__/allRows';
import { applyChange } from './__testUtils__/applyChange';
import { lint } from './lint';

function read(yaml: string): ManifestObject[] {
  const { objects, findings } = loadManifests([
    { path: 'world.yaml', text: yaml },
  ]);
  expect(findings).toEqual([]);
  return objects;
}

function found(row: LintRow, objects: readonly ManifestObject[]): Finding[] {
  const { cluster } = buildCluster({
    name: 'c',
    objects,
    profile: row.profile ?? statedProfile(),
    mesh: row.mesh ?? 'sidecar',
  });
  return lint(createWorld([cluster])).filter(({ code }) => code === row.code);
}

describe.each(allRows)('$code: $about', row => {
  it(`is found and named — ${row.why}`, () => {
    const findings = found(row, read(row.wrong));
    expect(findings).toHaveLength(1);
    const [{ at, message, objects, fix, data }] = findings;
    expect(at?.field).toBe(row.field);
    expect(at?.line).toBeGreaterThan(1);
    for (const text of row.says) expect(message).toContain(text);
    expect(objects.length).toBeGreaterThan(0);
    expect(fix).not.toBe('');
    expect(data !== undefined).toBe(row.ready ?? false);
  });

  it('is not found where it is written as it should be', () => {
    expect(found(row, read(row.right))).toEqual([]);
  });
});

describe.each(allRows.filter(({ ready }) => ready))(
  'the ready change of $code: $about',
  row => {
    it('makes the finding go away', () => {
      const objects = read(row.wrong);
      const [{ data }] = found(row, objects);
      expect(found(row, applyChange(objects, data!))).toEqual([]);
    });
  },
);
