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

// A policy that only seems to select nothing is deleted by whoever believes it: its pods may be those that were left out.
it.each(['selects-nothing', 'peer-selects-nothing'])(
  '%s is not said where pods were left out of what was read',
  code => {
    const gap = `\n---\n${JSON.stringify({
      apiVersion: 'callgate.dev/v1alpha1',
      kind: 'NotRead',
      metadata: { name: 'pods' },
      spec: { leftOut: [{ reason: 'too-large', count: 1, names: ['x'] }] },
    })}`;
    const rows = allRows.filter(row => row.code === code);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.flatMap(row => found(row, read(row.wrong + gap)))).toEqual([]);
  },
);
