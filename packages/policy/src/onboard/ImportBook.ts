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
import { cutLater, withNewcomers } from './newcomers';
import type { SourceFile } from '../source';
import { proveDrafts, type ProvedDrafts } from './proveDrafts';
import type {
  HandWritten,
  OnboardedApi,
  OnboardInput,
  Onboarding,
} from './types';
import type { WritingInput } from './writeDrafts';

/** What an import is about, and says better: hand-written policies at either end, who is closed out already, whole ports. */
const TOLD: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'caller-egress-isolated',
  'foreign-allow',
  'isolation-flip',
  'whole-port-granted',
]);

/**
 * What imports of one estate have in common, so that whoever asks for one API after the other works it out once. Answers do not
 * depend on what was asked before.
 *
 * @public
 */
export class ImportBook {
  /** @param input - catalog, clusters with every policy that is in force, and the folder of the AccessPolicies */
  static of(
    input: Pick<OnboardInput, 'catalog' | 'clusters' | 'policiesFolder'>,
  ): ImportBook {
    const { catalog, policiesFolder = 'policies' } = input;
    const clusters = [...input.clusters].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    const estate = clusters.map(withoutGenerated);
    return new ImportBook(
      { catalog, clusters, policiesFolder },
      AccessBook.of({
        catalog,
        policies: [],
        clusters,
        compilation: compile({ policies: [], catalog, clusters: estate }),
      }),
      Bindings.of({ catalog, clusters: estate, policies: [] }),
    );
  }

  private constructor(
    private readonly writing: WritingInput,
    private readonly book: AccessBook,
    private readonly bindings: Bindings,
  ) {}

  /** Full references of every API of the catalog, sorted. */
  apis(): string[] {
    return [...new Set(this.book.apis())].sort();
  }

  /** Imports APIs together, as `onboard`. */
  onboard(
    how: Pick<OnboardInput, 'apis' | 'accept' | 'acceptUndeclaredPorts'> = {},
  ): Onboarding {
    const { drafts, proved } = this.#prove(how);
    const { changes, refusedTwice, leftOut, written, compilation } = proved;
    const { clusters } = this.writing;
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
        ...oncePerApi(compilation.findings).filter(
          ({ code }) => !TOLD.has(code),
        ),
      ],
      handWritten: judgeHandWritten(proved.after, proved.drafts),
      unchanged: changes.length === 0 && !isChanged,
    };
  }

  /**
   * Imports one API by itself, beside everything that is declared already, and says nothing of hand-written policies.
   *
   * @returns what becomes of it, with its AccessPolicy where there is one
   */
  onboardOne(api: string): { outcome: OnboardedApi; file?: SourceFile } {
    const { drafts, proved } = this.#prove({ apis: [api] });
    const file = proved.written.find(each => each.api === api)?.file;
    return {
      outcome: outcomeOf(drafts[0], proved, this.writing.clusters),
      ...(file && { file }),
    };
  }

  /**
   * The hand-written policies that are about workloads of an API, and whether they can be deleted. What holds for a whole mesh is not
   * one API's to delete.
   *
   * @param after - the clusters with what is generated for the API
   */
  handWritten(api: string, after: readonly Cluster[]): HandWritten[] {
    const { providers } = draftApi(
      ApiSide.of(this.book, api),
      this.writing.clusters,
      this.bindings,
    );
    return judgeHandWritten(
      after.map(withNewcomers),
      [{ api, providers }],
      'workloads',
    );
  }

  #prove({
    apis,
    accept = [],
    acceptUndeclaredPorts,
  }: Pick<OnboardInput, 'apis' | 'accept' | 'acceptUndeclaredPorts'>) {
    const { clusters } = this.writing;
    const drafts = [...new Set(apis ?? this.book.apis())]
      .sort()
      .map(api =>
        draftApi(ApiSide.of(this.book, api), clusters, this.bindings),
      );
    const proved = proveDrafts(
      {
        ...this.writing,
        before: clusters.map(withNewcomers),
        accept: new Set(accept),
        acceptUndeclaredPorts: acceptUndeclaredPorts === true,
      },
      drafts.filter(({ state }) => state === 'draft'),
    );
    return { drafts, proved };
  }
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
      ? cutLater(change, clusters)
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
