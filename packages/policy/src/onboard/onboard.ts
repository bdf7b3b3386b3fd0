import { AccessBook } from '../access/AccessBook';
import { ApiSide } from '../access/ApiSide';
import { compile } from '../compile/compile';
import { withoutGenerated } from '../compile/generatedObjects';
import type { Cluster } from '../estate/types';
import { createWorld } from '../evaluate/World';
import type { FindingCode } from '../findings';
import { oncePerApi } from '../oncePerApi';
import { Bindings } from '../plan/claims/Bindings';
import { workloadAt } from './accessChanges';
import { draftApi } from './draftApi';
import { type ApiDraft, placeKey } from './draftTypes';
import { judgeHandWritten } from './handWritten';
import { newcomersOf, withNewcomers } from './newcomers';
import { proveDrafts, type ProvedDrafts } from './proveDrafts';
import type { OnboardedApi, OnboardInput, Onboarding } from './types';

/** What an import is about, and says better: hand-written policies at either end, who is closed out already, whole ports. */
const TOLD: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'caller-egress-isolated',
  'foreign-allow',
  'isolation-flip',
  'whole-port-granted',
]);

/**
 * Writes AccessPolicies for APIs that hand-written policies close today, so that nobody can call more or less: what is
 * generated from them is put beside everything that is there, and both worlds are compared as a whole. An API of which that
 * is not so is left out with the differences. Nothing is guessed: what is conditional is not taken for allowed, and a caller
 * that no entity or several stand for stays with the objects that let it call.
 *
 * @public
 */
export function onboard(input: OnboardInput): Onboarding {
  const { catalog, policiesFolder = 'policies', accept = [] } = input;
  const clusters = [...input.clusters].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const estate = clusters.map(withoutGenerated);
  const book = AccessBook.of({
    catalog,
    policies: [],
    clusters,
    compilation: compile({ policies: [], catalog, clusters: estate }),
  });
  const bindings = Bindings.of({ catalog, clusters: estate, policies: [] });
  const drafts = [...new Set(input.apis ?? book.apis())]
    .sort()
    .map(api => draftApi(ApiSide.of(book, api), clusters, bindings));
  const proved = proveDrafts(
    {
      catalog,
      clusters,
      policiesFolder,
      before: clusters.map(withNewcomers),
      accept: new Set(accept),
      acceptUndeclaredPorts: input.acceptUndeclaredPorts === true,
    },
    drafts.filter(({ state }) => state === 'draft'),
  );
  const { changes, refusedTwice, leftOut, written, compilation } = proved;
  const isChanged = [...leftOut.values()].some(
    ({ reason }) => reason === 'would-change',
  );
  return {
    apis: drafts.map(draft => outcomeOf(draft, proved, clusters)),
    files: written
      .map(({ file }) => file)
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    compilation,
    changes,
    refusedTwice,
    findings: [
      ...createWorld(clusters).findings,
      ...oncePerApi(compilation.findings).filter(({ code }) => !TOLD.has(code)),
    ],
    handWritten: judgeHandWritten(proved.after, proved.drafts),
    unchanged: changes.length === 0 && !isChanged,
  };
}

function outcomeOf(
  draft: ApiDraft,
  { drafts, written, leftOut, later }: ProvedDrafts,
  clusters: readonly Cluster[],
): OnboardedApi {
  const { api, proposed, openIn } = draft;
  const nothing = { api, grants: [], kept: [], proposed, openIn, later: [] };
  if (draft.state === 'open') return { ...nothing, state: 'open' };
  const because = draft.leftOut ?? leftOut.get(api);
  if (because)
    return {
      ...nothing,
      state: 'left-out',
      leftOut: because,
      // What would be kept by hand is why it would change.
      kept: draft.kept,
    };
  const own = written.find(each => each.api === api);
  const settled = drafts.find(each => each.api === api) ?? draft;
  const places = later.flatMap(change => {
    const called = workloadAt(change.to, clusters);
    return called && settled.providers.has(placeKey(called.cluster, called.id))
      ? newcomersOf(change, clusters).filter(({ end }) => end === 'from')
      : [];
  });
  return {
    api,
    state: 'written',
    ...(own && { file: own.file.path }),
    grants: own?.grants ?? [],
    kept: settled.kept,
    proposed,
    openIn,
    later: [
      ...new Map(
        places.map(({ cluster, namespace }) => [
          `${cluster} ${namespace}`,
          { cluster, namespace },
        ]),
      ),
    ]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, place]) => place),
  };
}
