import fc from 'fast-check';
import { compile } from '../compile/compile';
import { amendCluster } from '../estate/amendCluster';
import { loadManifests } from '../estate/loadManifests';
import type { Cluster } from '../estate/types';
import { clusterOf } from '../evaluate/__testUtils__/worlds';
import { randomObjects } from '../evaluate/__testUtils__/randomWorlds';
import { createWorld } from '../evaluate/World';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { CatalogEntity } from '../model/types';
import { withoutSharedOthers } from '../others/withoutShared';
import { reach } from '../reach/reach';
import type { SourceFile } from '../source';
import { handWrittenWorlds } from './__testUtils__/handWrittenWorlds';
import { onboard } from './onboard';
import type { OnboardInput } from './types';

/**
 * Everybody's access, pair by pair, in the one spelling that equal sets have: whatever layers and objects give it. As it is, and
 * without policies that nobody judges, under which nothing is sure.
 */
function accessIn(clusters: readonly Cluster[]): string[] {
  const settled = withoutSharedOthers(clusters, clusters).after;
  return [...edgesIn(clusters), ...edgesIn(settled)];
}

function edgesIn(clusters: readonly Cluster[]): string[] {
  return reach(createWorld(clusters)).edges.map(({ from, to, access }) =>
    JSON.stringify([
      from,
      to,
      access.map(({ protocol, ports, certainty, http, via }) => [
        protocol,
        ports,
        certainty,
        http?.map(({ methods, notMethods, key }) => [methods, notMethods, key]),
        via,
      ]),
    ]),
  );
}

/** The clusters with what AccessPolicies come to beside all that they have: as whoever takes the files over would do it. */
function applied(
  { catalog, clusters }: OnboardInput,
  files: readonly SourceFile[],
): Cluster[] {
  const {
    files: generated,
    failedApis,
    held,
  } = compile({
    catalog,
    clusters,
    policies: files.map(file => ({
      policy: parseAccessPolicy(file).policy!,
      file: file.path,
    })),
  });
  expect({ failedApis, held }).toEqual({ failedApis: [], held: [] });
  return clusters.map(cluster =>
    amendCluster(cluster, {
      apply: loadManifests(
        generated.filter(each => each.cluster === cluster.name),
      ).objects,
    }),
  );
}

const seen = new Map<string, number>();
const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

function keepsTheMeaning(input: OnboardInput): void {
  const result = onboard(input);
  expect(result.changes).toEqual([]);
  const after = applied(input, result.files);
  expect(accessIn(after)).toEqual(accessIn(input.clusters));
  for (const { api, state, leftOut, grants } of result.apis) {
    count(leftOut?.reason ?? (grants.length > 0 ? 'grants' : state));
    if (leftOut?.reason !== 'would-change') continue;
    // What it says would change does change, beside those that are written.
    const written = result.apis
      .filter(each => each.state === 'written')
      .map(each => each.api);
    const accepted = onboard({
      ...input,
      apis: [...written, api],
      accept: [api],
    });
    expect(accessIn(applied(input, accepted.files))).not.toEqual(
      accessIn(input.clusters),
    );
  }
  // What can go does so together, and nobody notices.
  const going = result.handWritten.filter(({ canGo }) => canGo);
  count(going.length > 0 ? 'can go' : 'nothing can go');
  const without = after.map(cluster =>
    amendCluster(cluster, {
      remove: cluster.objects.filter(({ object }) =>
        going.some(
          ({ kind, name, namespace }) =>
            object.kind === kind &&
            object.metadata.name === name &&
            object.metadata.namespace === namespace,
        ),
      ),
    }),
  );
  expect(accessIn(without)).toEqual(accessIn(input.clusters));
}

describe('whatever policies people have', () => {
  it('what is imported allows as much as before, and what is left out would not', () => {
    fc.assert(fc.property(handWrittenWorlds, keepsTheMeaning), {
      numRuns: 40,
      // What has to be met below is met by these worlds.
      seed: 7,
    });
    // Each of them is a way through the code that has to have been gone.
    for (const outcome of [
      'grants',
      'written',
      'open',
      'several-entities',
      'not-bound',
      'would-change',
      'can go',
    ])
      expect([outcome, seen.get(outcome) ?? 0]).not.toEqual([outcome, 0]);
  });

  const bound = ['a', 'b'].flatMap(namespace =>
    ['x', 'y'].map(
      (app): CatalogEntity => ({
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: {
          name: `${app}-${namespace}`,
          annotations: {
            'backstage.io/kubernetes-label-selector': `app=${app}`,
            'backstage.io/kubernetes-namespace': namespace,
          },
        },
        spec: {
          owner: 'group:default/team',
          providesApis: [`${app}-${namespace}`],
        },
      }),
    ),
  );
  const apis = bound.map(
    ({ metadata: { name } }): CatalogEntity => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'API',
      metadata: { name },
      spec: { owner: 'group:default/team', type: 'tcp', definition: '' },
    }),
  );

  it('also where policies are invalid, conditional, or nobody can tell what they say', () => {
    fc.assert(
      fc.property(
        randomObjects,
        fc.constantFrom('sidecar' as const, 'none' as const),
        (objects, mesh) =>
          keepsTheMeaning({
            catalog: [...bound, ...apis],
            clusters: [clusterOf(objects, { mesh })],
          }),
      ),
      { numRuns: 30, seed: 7 },
    );
    expect(seen.get('not-known') ?? 0).toBeGreaterThan(0);
  });
});
