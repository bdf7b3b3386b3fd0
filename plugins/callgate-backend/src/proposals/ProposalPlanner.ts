import {
  compareMeaning,
  entityRefOf,
  type Finding,
  type Gap,
  meaning,
  type Meaning,
  parseRuleRef,
  type PretendedGrant,
  type Proof,
  proveInSteps,
  unconfirmedProvidersOf,
} from '@callgate/policy';
import { neededBySomebody } from '../approval/needs';
import {
  NO_CODE,
  type ApprovalEvaluators,
} from '../approval/ApprovalEvaluators';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import {
  type AppliedDeclaration,
  applyDeclaration,
  withEnds,
} from './applyDeclaration';
import { changedGrants, grantOf, isSame } from './changeGrant';
import { onlyTakesAway, openedEdges } from './changeNeeds';
import { declarationOf, editDeclaration } from './editDeclaration';
import {
  type GrantNeeds,
  mergedGrantNeeds,
  needsOfGrant,
  settledNeeds,
  unmetNeeds,
} from './grantNeeds';
import { inTurns, othersUnless } from './inTurns';
import { judgeProof } from './judgeProof';
import { type Place, placeOf } from './places';
import { PreviewCache } from './PreviewCache';
import { proposedFiles } from './proposedFiles';
import { toCompileInput } from './readRepository';
import { draftEdit, requestEdit } from './toGrant';
import { subjectsOf } from './subjectsOf';
import { noEstateOf, unknownEstate } from './unknownEstate';
import { soundOf, waitsForClusters } from './unreadClusters';
import type {
  AskedAgain,
  BuiltProposal,
  CarriedRequest,
  DeclarationEdit,
  ProposalDraft,
  ProposalPreview,
  Snapshot,
} from './types';

/** Which gap would have to be acknowledged for an error to go away. */
const GAPS: Partial<Record<Finding['code'], Gap>> = {
  'method-not-enforceable': 'method-not-enforced',
  'identity-not-enforceable': 'identity-not-enforced',
  'default-service-account': 'shared-service-account',
};

/** Why a draft that changes nothing is not sent. */
export const NOTHING_NEW = 'The caller has all of this access already.';

/** Why a confirm request that confirms nothing is not sent. */
export const NOTHING_TO_CONFIRM = 'Nothing is left to confirm.';

/** Why a request for other terms that are those of the grant already is not sent. */
export const NOTHING_CHANGED = 'The grant says all of this already.';

/** A preview without what its reason and the moment decide. */
type WorkedOut = Omit<ProposalPreview, 'files' | 'source' | 'glass'> & {
  changes: ReadonlyMap<string, string | undefined>;
  ends: AppliedDeclaration['ends'];
  /** Whose approvals it takes, before code is asked. */
  takes: GrantNeeds;
};

interface Change {
  applied?: AppliedDeclaration;
  meaning: Meaning;
  errors: readonly Finding[];
}

/** Has work wait for its turn. */
export type TakeTurn = <T>(
  work: (signal?: AbortSignal) => Promise<T>,
) => Promise<T>;

/**
 * What a request or a proposal comes to, relative to a snapshot. Pure: reads nothing, writes nothing.
 */
export class ProposalPlanner {
  readonly #previews = new PreviewCache<WorkedOut>(weightOf);
  readonly #places = new PreviewCache<readonly Place[]>(
    places => JSON.stringify(places).length,
  );

  /** @param evaluators - code that adds needs; what it says is asked anew each time */
  constructor(
    private readonly config: PolicyRepositoryConfig,
    private readonly evaluators: Pick<ApprovalEvaluators, 'ask'> = NO_CODE,
  ) {}

  /**
   * What a draft would do; an API that is not in the catalog is an error among the findings.
   *
   * @param take - has what is not known yet wait for its turn
   */
  async preview(
    snapshot: Snapshot,
    draft: ProposalDraft,
    take: TakeTurn = work => work(),
  ): Promise<ProposalPreview> {
    const { policiesFolder } = this.config;
    // A confirmation has no text of its own, and working it out needs a plan.
    const { edited, errors } = draft.confirm
      ? { edited: undefined, errors: [] }
      : editDeclaration({
          snapshot,
          api: draft.api,
          edits: [draftEdit(snapshot, draft)],
          policiesFolder,
        });
    // A reason that cannot be written is an error of its own; without it there may be none.
    const { changes, ends, takes, ...preview } =
      errors.length > 0
        ? await take(signal => this.#workOut(snapshot, draft, signal))
        : this.#previews.known(snapshot, draft) ??
          (await take(signal =>
            this.#previews.get(snapshot, draft, () =>
              this.#workOut(snapshot, draft, signal),
            ),
          ));
    return {
      ...preview,
      ...settledNeeds(takes, await this.evaluators.ask(takes.question)),
      // What only takes away is no thing for it either.
      glass: takes.glass ?? [{ code: 'not-new' }],
      files: proposedFiles(
        // The text of this draft with the manifests of all that mean the same.
        edited && !edited.removed && changes.has(edited.file)
          ? new Map(changes).set(edited.file, withEnds(edited.text, ends))
          : changes,
        snapshot.repository,
        this.config,
      ),
      source: snapshot.source,
    };
  }

  /**
   * Where a draft could be granted, whatever clusters it names itself: each cluster of some in which both ends run, with what
   * would hold there if it named that one alone.
   *
   * @param among - names of clusters; a function of the ends and the snapshot
   */
  async places(
    snapshot: Snapshot,
    draft: ProposalDraft,
    among: readonly string[],
    take: TakeTurn = work => work(),
  ): Promise<readonly Place[]> {
    const anywhere = { ...draft, in: [] };
    return (
      this.#places.known(snapshot, anywhere) ??
      (await take(signal =>
        this.#places.get(snapshot, anywhere, () =>
          this.#findPlaces(snapshot, anywhere, among, signal),
        ),
      ))
    );
  }

  async #findPlaces(
    current: Snapshot,
    draft: ProposalDraft,
    among: readonly string[],
    signal?: AbortSignal,
  ): Promise<Place[]> {
    const snapshot = soundOf(current);
    const plannedIn = async (clusters: readonly string[]) => {
      const there = { ...draft, in: [...clusters] };
      const edit = draftEdit(snapshot, there);
      const { change, needs } = await this.#changeOfDraft(
        snapshot,
        there,
        signal,
      );
      const errors = unique([
        ...waitsForClusters(current, there).flatMap(({ findings }) => findings),
        ...change.errors,
        ...needs.refused,
      ]);
      const { edges = [] } = change.applied?.state.compilation.plan ?? {};
      return {
        edges: edges.filter(
          ({ api, grantId }) =>
            api === draft.api && grantId === grantIdOf(edit),
        ),
        errors,
        acknowledgeable: gapsOf(errors, draft),
      };
    };
    // Where nothing is wrong anywhere, once is enough.
    const together = await plannedIn(among);
    const places: Place[] = [];
    for (const cluster of among) {
      const place = placeOf(
        cluster,
        together.errors.length === 0 ? together : await plannedIn([cluster]),
      );
      if (place) places.push(place);
    }
    return places;
  }

  async #workOut(
    current: Snapshot,
    draft: ProposalDraft,
    signal?: AbortSignal,
  ): Promise<WorkedOut> {
    const unknown = noEstateOf(current.source);
    const waits = unknown
      ? [unknownEstate(unknown, draft.api)]
      : waitsForClusters(current, draft).flatMap(({ findings }) => findings);
    // What it would do where something cannot be read is shown as far as is known, and proves nothing.
    const snapshot = waits.length > 0 ? current : soundOf(current);
    const { change, needs } = await this.#changeOfDraft(
      snapshot,
      draft,
      signal,
    );
    const proof =
      waits.length > 0
        ? undefined
        : await this.#prove(snapshot, change, [change.meaning], signal);
    const problems = unknown
      ? waits
      : [
          ...waits,
          ...change.errors,
          ...needs.refused,
          ...(proof ? judgeProof(snapshot, proof, draft.api).errors : []),
        ];
    const findings = unique([
      ...problems,
      ...(unknown ? [] : change.meaning.findings),
      ...(proof?.findings ?? []).filter(found =>
        isAbout(found, draft.api, change.meaning),
      ),
    ]);
    const problem = problems[0]?.message ?? nothingIn(snapshot, draft, change);
    return {
      meaning: unknown
        ? { ...change.meaning, findings: waits, text: waits[0].message }
        : change.meaning,
      changes: (unknown ? undefined : change.applied?.changes) ?? new Map(),
      ends: change.applied?.ends ?? new Map(),
      findings,
      needs: needs.needs,
      takes: needs,
      sendable: problem === undefined,
      ...(problem !== undefined && { problem }),
      acknowledgeable: gapsOf(problems, draft),
    };
  }

  /** A draft's change, with whose approvals it takes: a rule that wants more approvers is a need, and no refusal. */
  async #changeOfDraft(
    snapshot: Snapshot,
    draft: ProposalDraft,
    signal?: AbortSignal,
  ): Promise<{ change: Change; needs: GrantNeeds }> {
    const edit = draftEdit(snapshot, draft);
    const changed = (pretend?: PretendedGrant) =>
      this.#change(snapshot, draft.api, [edit], draft.in, 'draft', {
        pretend,
        signal,
        until: draft.until,
      });
    const change = await changed();
    const needs = await this.#needsOf(snapshot, draft, edit, change, signal);
    return change.errors.some(isRefusalOf(edit)) && needs.pretend
      ? { change: await changed(needs.pretend), needs }
      : { change, needs };
  }

  /**
   * Whose approvals an approved request takes now. What a rule approved has to be approved by the same rule still. Code that
   * does not answer was asked when it was decided, and ends no approval.
   */
  async #settled(
    takes: GrantNeeds,
    request: CarriedRequest,
  ): Promise<Pick<ProposalPreview, 'needs'>> {
    const said = await this.evaluators.ask(takes.question);
    const settled = settledNeeds(
      takes,
      said.filter(({ failed }) => !failed),
    );
    const by = ruleOf(request);
    const { automatic } = settled;
    const holds = automatic && 'rule' in automatic && automatic.rule === by;
    return by !== undefined && settled.needs.length === 0 && !holds
      ? { needs: neededBySomebody(request.api, takes.needs) }
      : settled;
  }

  async #needsOf(
    snapshot: Snapshot,
    draft: ProposalDraft,
    edit: DeclarationEdit,
    change: Change,
    signal?: AbortSignal,
  ): Promise<GrantNeeds> {
    // What the rules refuse is no part of a compilation; to be asked about, it has to be.
    const { applied, meaning: meant } = change.errors.some(isRefusalOf(edit))
      ? await this.#change(snapshot, draft.api, [edit], draft.in, 'draft', {
          pretend: 'unasked',
          signal,
        })
      : change;
    if (change.errors.length === 0 && onlyTakesAway(snapshot, draft, meant))
      return { needs: [], refused: [] };
    const toEveryone = openedEdges(snapshot, draft.api, meant);
    return mergedGrantNeeds(
      subjectsOf(draft, edit, applied).map(subject =>
        needsOfGrant(
          snapshot,
          subject.draft,
          subject.grantId,
          applied,
          meant,
          toEveryone,
        ),
      ),
    );
  }

  /**
   * The proposal of an API with its approved requests. A request whose grant is at the tip already is not among
   * `requests`; one that cannot be carried now (an error of its own, or a cluster that cannot be read) does not hold up the
   * others.
   */
  async build(
    current: Snapshot,
    api: string,
    requests: readonly CarriedRequest[],
  ): Promise<BuiltProposal> {
    const carried: CarriedRequest[] = [];
    const approved: Meaning[] = [];
    const askAgain: AskedAgain[] = [];
    const gone: CarriedRequest[] = [];
    const notes: string[] = [];
    const waiting: CarriedRequest[] = [];
    const outgrown: CarriedRequest[] = [];
    const blocked: { request: CarriedRequest; errors: readonly Finding[] }[] =
      [];
    const snapshot = soundOf(current);
    let alone: Change | undefined;
    for (const request of requests) {
      const waits = waitsForClusters(current, request);
      if (waits.length > 0) {
        const errors = waits.flatMap(({ findings }) => findings);
        blocked.push({ request, errors });
        continue;
      }
      if (
        request.change &&
        (!isThere(snapshot, request) ||
          isOverruled(snapshot, request, requests))
      ) {
        gone.push(request);
        continue;
      }
      const edit = requestEdit(request);
      const change = await this.#change(
        snapshot,
        api,
        [edit],
        request.in,
        'proposal',
        { until: request.until },
      );
      // The rules may want more than they did when the last one approved. What nobody has approved yet waits for nobody.
      if (change.errors.every(isRefusalOf(edit)) && !request.breakGlass) {
        const takes = await this.#needsOf(snapshot, request, edit, change);
        const { needs } = await this.#settled(takes, request);
        const facts = takes.pretend && unmetNeeds(needs, request);
        if (facts) {
          askAgain.push({ request, facts, needs });
          continue;
        }
      }
      if (change.errors.length > 0) {
        blocked.push({ request, errors: change.errors });
        continue;
      }
      if (request.confirm && nothingIn(snapshot, request, change)) {
        gone.push(request);
        continue;
      }
      const { result, differences, reasons } = compareMeaning(
        request.approved,
        change.meaning,
      );
      if (result === 'wider' && request.breakGlass) {
        outgrown.push(request);
        continue;
      }
      if (result === 'wider') {
        askAgain.push({
          request,
          facts: { code: 'meaning-changed', differences },
          // Nobody had to approve what it meant before; somebody has to now.
          ...((request.change || ruleOf(request)) && {
            needs: neededBySomebody(
              api,
              (await this.#needsOf(snapshot, request, edit, change)).needs,
            ),
          }),
        });
        continue;
      }
      if (await this.#takesMoreWith(carried, approved, request, snapshot)) {
        waiting.push(request);
        notes.push(
          `Request ${request.number} waits until this is merged: together they take away more than it said`,
        );
        continue;
      }
      notes.push(
        ...reasons.map(reason => `Request ${request.number}: ${reason}`),
      );
      carried.push(request);
      approved.push(change.meaning);
      alone = change;
    }
    const change =
      carried.length === 1 && alone
        ? alone
        : await this.#change(
            snapshot,
            api,
            carried.map(requestEdit),
            carried.flatMap(each => each.in),
            'proposal',
          );
    const proof =
      carried.length > 0
        ? await this.#prove(snapshot, change, approved)
        : undefined;
    const judged = proof && judgeProof(snapshot, proof, api);
    const changes =
      change.applied?.changes ?? new Map<string, string | undefined>();
    return {
      api,
      base: snapshot.source.commit ?? '',
      carried,
      askAgain,
      gone,
      outgrown,
      waiting,
      blocked,
      notes,
      changes,
      files: proposedFiles(changes, snapshot.repository, this.config),
      meaning: change.meaning,
      ...(change.applied && { after: change.applied.state }),
      ...(proof && { proof }),
      checks: judged?.checks ?? [],
      errors: unique([...change.errors, ...(judged?.errors ?? [])]),
    };
  }

  async #change(
    snapshot: Snapshot,
    api: string,
    edits: readonly DeclarationEdit[],
    scope: readonly string[],
    stage: 'draft' | 'proposal',
    how: {
      pretend?: PretendedGrant | 'unasked';
      signal?: AbortSignal;
      until?: string;
    } = {},
  ): Promise<Change> {
    const { pretend, signal, until } = how;
    await othersUnless(signal);
    const { policiesFolder } = this.config;
    const { edited, errors } = editDeclaration({
      snapshot,
      api,
      edits,
      policiesFolder,
    });
    const applied =
      edited &&
      applyDeclaration({
        snapshot,
        api,
        edited,
        config: this.config,
        stage,
        ...(pretend && { pretend }),
      });
    await othersUnless(signal);
    const grants = changedGrants(edits);
    return {
      ...(applied && { applied }),
      meaning: meaning({
        before: snapshot.state,
        after: applied?.state ?? snapshot.state,
        api,
        scope: [...new Set(scope)].sort(),
        catalog: snapshot.catalog,
        ...(grants.length > 0 && { grants }),
        ...(until !== undefined && { until }),
      }),
      errors: [...errors, ...(applied?.errors ?? [])],
    };
  }

  /**
   * Whether a request takes away more together with others than each of them said: what one of two grants leaves to the other
   * goes when both end. It waits for them then, and is looked at again when they are merged.
   */
  async #takesMoreWith(
    carried: readonly CarriedRequest[],
    approved: readonly Meaning[],
    request: CarriedRequest,
    snapshot: Snapshot,
  ): Promise<boolean> {
    if (!request.change || !carried.some(({ change }) => change)) return false;
    const all = [...carried, request];
    const together = await this.#change(
      snapshot,
      request.api,
      all.map(requestEdit),
      all.flatMap(each => each.in),
      'proposal',
    );
    const known = [...approved, request.approved];
    const removed = known.flatMap(({ content }) => content.removed);
    const { content } = together.meaning;
    const { differences } = compareMeaning(
      { digest: '', content: { ...content, removed } },
      together.meaning,
    );
    return together.errors.length > 0 || differences.length > 0;
  }

  async #prove(
    snapshot: Snapshot,
    change: Change,
    approved: readonly Meaning[],
    signal?: AbortSignal,
  ): Promise<Proof | undefined> {
    if (!change.applied || change.errors.length > 0) return undefined;
    return inTurns(
      proveInSteps({
        before: snapshot.state,
        after: change.applied.state,
        approved: approved.map(({ content }) => content),
      }),
      signal,
    );
  }
}

/** The rule that approved a request, where no person did. */
function ruleOf({ approvals }: CarriedRequest): string | undefined {
  return approvals.flatMap(({ by }) => parseRuleRef(by)?.rule ?? [])[0];
}

/**
 * What hand-written objects open to others than the caller is told on the access of the API, and not again in every
 * preview.
 */
function isAbout(
  { api, code, objects }: Finding,
  draftApi: string,
  { gained }: Meaning,
): boolean {
  const callers = gained.flatMap(({ clusters }) =>
    clusters.flatMap(({ from }) => from),
  );
  return (
    api === draftApi &&
    (code !== 'surplus-foreign' || callers.includes(objects[0]))
  );
}

/** Roughly how many characters a preview holds. */
function weightOf(preview: WorkedOut): number {
  const { changes, meaning: meant, ends, findings, needs } = preview;
  return [
    ...changes.values(),
    JSON.stringify([meant, [...ends], findings, needs]),
  ].reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

function isRefusalOf(edit: DeclarationEdit) {
  const id = grantIdOf(edit);
  return ({ code, grantId }: Finding) =>
    code === 'guardrail-refused' && id !== undefined && grantId === id;
}

function grantIdOf(edit: DeclarationEdit): string | undefined {
  if ('grant' in edit) return edit.grant.id;
  if ('change' in edit) return edit.change.grant;
  return 'grant' in edit.confirm ? edit.confirm.grant : undefined;
}

/** Why a draft without errors is not worth sending; `undefined`: it is. */
function nothingIn(
  snapshot: Snapshot,
  draft: ProposalDraft,
  { meaning: { gained } }: Change,
): string | undefined {
  const { api, confirm, change, caller } = draft;
  if (change) {
    const declaration = declarationOf(snapshot, api);
    const grant = declaration && grantOf(declaration, { change, caller });
    return change.kind !== 'end' && grant && isSame(grant, draft)
      ? NOTHING_CHANGED
      : undefined;
  }
  if (confirm && 'provider' in confirm) {
    const { policies } = toCompileInput(snapshot.policies);
    const { catalog } = snapshot;
    return unconfirmedProvidersOf({ catalog, policies }, api).includes(
      confirm.provider,
    )
      ? undefined
      : NOTHING_TO_CONFIRM;
  }
  if (gained.length > 0) return undefined;
  return confirm ? NOTHING_TO_CONFIRM : NOTHING_NEW;
}

/** Gaps that errors would go away with, without those that are accepted already. */
function gapsOf(
  errors: readonly Finding[],
  { acknowledges }: Pick<ProposalDraft, 'acknowledges'>,
): Gap[] {
  return [...new Set(errors.flatMap(({ code }) => GAPS[code] ?? []))].filter(
    gap => !acknowledges.includes(gap),
  );
}

/** Whether the grant of an end that Callgate proposes holds longer by now, or is to by a request that goes with it, or its caller is back. */
function isOverruled(
  snapshot: Snapshot,
  { api, change, caller }: CarriedRequest,
  requests: readonly CarriedRequest[],
): boolean {
  if (change?.gone !== undefined) return isInCatalog(snapshot, caller);
  const expired = change?.expired;
  if (!change || expired === undefined) return false;
  const declaration = declarationOf(snapshot, api);
  const until = declaration && grantOf(declaration, { change, caller })?.until;
  return (
    until !== expired ||
    requests.some(
      other =>
        other.change?.grant === change.grant &&
        other.until !== undefined &&
        (other.until === '' || other.until > expired),
    )
  );
}

function isInCatalog({ catalog }: Snapshot, ref: string): boolean {
  return catalog.some(entity => entityRefOf(entity) === ref);
}

function isThere(
  snapshot: Snapshot,
  { api, change, caller }: CarriedRequest,
): boolean {
  const declaration = declarationOf(snapshot, api);
  // Of a declaration that cannot be read nobody knows.
  if (!declaration) return false;
  return (
    !declaration.policy ||
    (change !== undefined &&
      grantOf(declaration, { change, caller }) !== undefined)
  );
}

function unique(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(
      findings.map(found => [
        JSON.stringify([found.code, found.message]),
        found,
      ]),
    ).values(),
  ];
}
