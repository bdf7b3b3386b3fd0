import fc from 'fast-check';
import { amendCluster } from '../estate/amendCluster';
import { loadManifests } from '../estate/loadManifests';
import type { Cluster } from '../estate/types';
import type { RenderedFile } from '../render/types';
import { handWrittenWorlds } from './__testUtils__/handWrittenWorlds';
import { ImportBook } from './ImportBook';
import { importChanges } from './importChanges';
import { onboard } from './onboard';

const withFiles = (
  clusters: readonly Cluster[],
  files: readonly RenderedFile[],
) =>
  clusters.map(cluster =>
    amendCluster(cluster, {
      apply: loadManifests(files.filter(each => each.cluster === cluster.name))
        .objects,
    }),
  );

describe('a book of imports', () => {
  it('says of each API by itself what an import of that one alone says, in any order', () => {
    let written = 0;
    fc.assert(
      fc.property(handWrittenWorlds, input => {
        const book = ImportBook.of(input);
        for (const api of [...book.apis()].reverse()) {
          const alone = onboard({ ...input, apis: [api] });
          const { outcome, file } = book.onboardOne(api);
          expect(outcome).toEqual(alone.apis[0]);
          expect(file ? [file] : []).toEqual(alone.files);
          if (!file) continue;
          written += 1;
          const after = withFiles(input.clusters, alone.compilation.files);
          expect(importChanges(input.clusters, after, outcome.later)).toEqual(
            [],
          );
          // Each that can go is one that the whole report lets go as well.
          const going = (all: typeof alone.handWritten) =>
            all
              .filter(({ canGo }) => canGo)
              .map(({ kind, name }) => `${kind} ${name}`);
          expect(going(alone.handWritten)).toEqual(
            expect.arrayContaining(going(book.handWritten(api, after))),
          );
        }
      }),
      { numRuns: 25, seed: 7 },
    );
    expect(written).toBeGreaterThan(0);
  });

  it('tells of what is gained and lost when a policy goes', () => {
    let changed = 0;
    fc.assert(
      fc.property(handWrittenWorlds, ({ clusters }) => {
        const without = clusters.map(cluster =>
          amendCluster(cluster, {
            remove: cluster.objects.filter(
              ({ object }) => object.kind === 'NetworkPolicy',
            ),
          }),
        );
        const there = importChanges(clusters, without);
        // The other way round the same pairs change, in the other direction.
        const back = importChanges(without, clusters).filter(
          ({ layer }) => layer === undefined,
        );
        const pairs = (all: typeof there, change: string) =>
          all
            .filter(each => each.layer === undefined && each.change === change)
            .map(({ from, to }) => JSON.stringify([from, to]))
            .sort();
        expect(pairs(there, 'gained')).toEqual(pairs(back, 'lost'));
        changed += there.length;
      }),
      { numRuns: 20, seed: 7 },
    );
    expect(changed).toBeGreaterThan(0);
  });
});
