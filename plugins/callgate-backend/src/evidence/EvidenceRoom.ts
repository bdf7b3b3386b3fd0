import { formatCallerRef, type Grant, parseCallerRef } from '@callgate/policy';
import type {
  StoredApproval,
  StoredRequest,
  StoredTransition,
} from '../database/AccessStore';
import { grantOfDraft } from '../database/grantOfDraft';
import type { CallerOptions } from '../access/AccessService';
import type { AccessViews } from '../access/AccessViews';
import type { ServiceParts } from '../access/ServiceParts';
import type { AccessFacts } from '../access/views/AccessFacts';
import type { Discretion } from '../access/views/Discretion';
import { withGateways } from '../access/views/gatewayLabels';
import type { LabelOf } from '../access/views/Labels';
import { contractOf } from '../access/views/operations';
import type { ProposalRecord } from '../proposals/types';
import { declaredOperations } from './declaredOperation';
import type { StoredReview } from '../database/DatabaseGrantReviews';
import { decisionOfReview, decisionsOf } from './decisions';
import { readMoment } from './moment';
import { refFor, toDecisionEvidence, toRequestEvidence } from './rows';
import type {
  DecidedEvidence,
  Evidence,
  EvidenceEnd,
  EvidenceKind,
  GrantEvidence,
} from './types';

/** So many rows are looked up at once: what is in memory at a time does not grow with the company. */
const CHUNK = 100;

/** A grant of a declaration, with its caller in full. */
interface DeclaredGrant {
  api: string;
  caller: string;
  grant: Grant;
}

/** What is known of some requests. */
interface Known {
  requests: Map<string, StoredRequest>;
  steps: Map<string, StoredTransition[]>;
  approvals: StoredApproval[];
  proposals: Map<string, ProposalRecord>;
}

/** What one document is made with. */
interface Making {
  moment: number;
  end: EvidenceEnd;
  facts: AccessFacts;
  discretion: Discretion;
  options: CallerOptions;
}

/**
 * Evidence of who was granted what and who decided it, at any moment: what was declared is read from the history of the policy
 * repository, and what was decided from the workflow's records. Whoever reads sees what the catalog shows them, and how much
 * was left out.
 */
export class EvidenceRoom {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
  ) {}

  /**
   * @param asked - the moment, as a client writes it
   * @throws InputError with code `bad-moment`, ServiceUnavailableError with code `repository-unreachable`
   */
  async take(
    kind: EvidenceKind,
    asked: string | undefined,
    options: CallerOptions,
  ): Promise<Evidence> {
    const now = this.parts.now();
    const moment = readMoment(asked, now);
    const declared = await this.parts.desk.declaredAt(moment);
    const facts = await this.access.facts();
    const making: Making = {
      moment,
      end: { rows: 0, leftOut: 0, unreadable: 0 },
      facts,
      discretion: await this.access.discretion(facts, options.credentials),
      options,
    };
    const policies = declared?.policies ?? [];
    if (kind === 'grants') {
      making.end.unreadable = policies.filter(({ policy }) => !policy).length;
    }
    const grants = policies
      .flatMap(({ policy }) => policy ?? [])
      .flatMap(({ metadata, spec }) =>
        spec.grants.map((grant): DeclaredGrant => {
          const caller = parseCallerRef(
            grant.caller,
            metadata.namespace ?? 'default',
          );
          return {
            api: spec.api,
            caller: caller ? formatCallerRef(caller) : grant.caller,
            grant,
          };
        }),
      )
      .sort((a, b) => compare(a.api, b.api));
    return {
      head: {
        kind,
        at: new Date(moment).toISOString(),
        madeAt: new Date(now).toISOString(),
        ...(declared && { commit: { id: declared.id, at: declared.at } }),
      },
      rows:
        kind === 'grants'
          ? this.#grants(grants, making)
          : this.#decided(making),
      end: () => ({ ...making.end }),
    };
  }

  async *#grants(
    all: readonly DeclaredGrant[],
    making: Making,
  ): AsyncGenerator<GrantEvidence> {
    for (let at = 0; at < all.length; at += CHUNK) {
      const chunk = all.slice(at, at + CHUNK);
      const seen = await this.#seen(
        chunk,
        each => [each.api, each.caller],
        making,
      );
      making.end.leftOut += chunk.length - seen.length;
      const ids = seen.flatMap(({ grant }) => grant.request ?? []);
      const known = await this.#known(ids);
      const reviews = await this.#reviewsOf(seen.map(({ api }) => api));
      const rows = await this.#labelled(making, labelOf =>
        seen.map(each => this.#grantRow(each, known, reviews, making, labelOf)),
      );
      for (const row of rows) {
        making.end.rows += 1;
        yield row;
      }
    }
  }

  #grantRow(
    { api, caller, grant }: DeclaredGrant,
    known: Known,
    reviews: readonly StoredReview[],
    making: Making,
    labelOf: LabelOf,
  ): GrantEvidence {
    const found =
      grant.request === undefined
        ? undefined
        : known.requests.get(grant.request);
    // A declaration that was edited by hand may name the request of another grant.
    const request =
      found?.apiRef === api && found.callerRef === caller ? found : undefined;
    const parts = request && this.#partsOf(request, known);
    const { moment } = making;
    return {
      ...{ api, caller },
      grant: grant.id,
      operations: grant.operations.flatMap(declaredOperations),
      clusters: [...(grant.in ?? [])],
      ...(grant.until !== undefined && { until: grant.until }),
      ...(grant.breakGlass && { breakGlass: true as const }),
      acknowledges: [...(grant.acknowledges ?? [])],
      ...(grant.reason && { reason: grant.reason }),
      ...(grant.requestedBy && {
        requestedBy: refFor(grant.requestedBy, labelOf),
      }),
      approvedBy: (grant.approvedBy ?? []).map(ref => refFor(ref, labelOf)),
      ...(grant.request !== undefined && { requestId: grant.request }),
      ...(parts && {
        request: toRequestEvidence(
          parts,
          moment,
          this.#words(api, making, labelOf),
        ),
      }),
      decisions: [
        ...(parts ? decisionsOf(parts.steps, parts.approvals) : []),
        ...reviews
          .filter(
            review =>
              review.api === api &&
              review.caller === caller &&
              review.grant === grant.id &&
              review.declared === (grant.request ?? ''),
          )
          .map(decisionOfReview),
      ]
        .filter(({ at, counts }) => counts && at <= moment)
        .map(each => toDecisionEvidence(each, labelOf)),
    };
  }

  async *#decided(making: Making): AsyncGenerator<DecidedEvidence> {
    const { moment } = making;
    let cursor: string | undefined;
    do {
      const page = await this.parts.requests.listRequests(
        { sort: 'oldest' },
        { limit: CHUNK, ...(cursor !== undefined && { cursor }) },
      );
      const asked = page.items.filter(({ createdAt }) => createdAt <= moment);
      const known = await this.#known(
        asked.map(({ id }) => id),
        asked,
      );
      const decided = asked
        .map(request => {
          const parts = this.#partsOf(request, known);
          const decisions = decisionsOf(parts.steps, parts.approvals).filter(
            ({ at }) => at <= moment,
          );
          return { request, parts, decisions };
        })
        .filter(({ decisions }) => decisions.length > 0);
      const seen = await this.#seen(
        decided,
        ({ request }) => [request.apiRef, request.callerRef],
        making,
      );
      making.end.leftOut += decided
        .filter(each => !seen.includes(each))
        .reduce((sum, { decisions }) => sum + decisions.length, 0);
      const rows = await this.#labelled(making, labelOf =>
        seen.flatMap(({ request, parts, decisions }) => {
          const { apiRef: api, callerRef: caller, draft } = request;
          const grant = grantOfDraft(request);
          const about = {
            ...{ api, caller },
            ...(grant !== null && { grant }),
            operations: draft.operations.flatMap(each =>
              declaredOperations(each as Grant['operations'][number]),
            ),
            clusters: [...draft.in],
            ...(draft.until !== undefined && { until: draft.until }),
          };
          const evidence = toRequestEvidence(
            parts,
            moment,
            this.#words(api, making, labelOf),
          );
          return decisions.map(
            (each): DecidedEvidence => ({
              ...about,
              decision: toDecisionEvidence(each, labelOf),
              request: evidence,
            }),
          );
        }),
      );
      for (const row of rows) {
        making.end.rows += 1;
        yield row;
      }
      // Requests are numbered in the order in which they were asked.
      cursor = asked.length < page.items.length ? undefined : page.nextCursor;
    } while (cursor !== undefined);
    yield* this.#reviewed(making);
  }

  /** Reviews are of grants and of no request, so they stand after what was decided about requests, in their own order. */
  async *#reviewed(making: Making): AsyncGenerator<DecidedEvidence> {
    let last: StoredReview | undefined;
    for (;;) {
      const page = await this.parts.reviews.page(making.moment, last, CHUNK);
      const seen = await this.#seen(
        page,
        ({ api, caller }) => [api, caller],
        making,
      );
      making.end.leftOut += page.length - seen.length;
      const rows = await this.#labelled(making, labelOf =>
        seen.map((review): DecidedEvidence => {
          const { api, caller, grant, terms } = review;
          return {
            ...{ api, caller, grant },
            operations: terms.operations.flatMap(declaredOperations),
            clusters: [...(terms.in ?? [])],
            ...(terms.until !== undefined && { until: terms.until }),
            decision: toDecisionEvidence(decisionOfReview(review), labelOf),
          };
        }),
      );
      for (const row of rows) {
        making.end.rows += 1;
        yield row;
      }
      if (page.length < CHUNK) return;
      last = page[page.length - 1];
    }
  }

  async #reviewsOf(apis: readonly string[]): Promise<StoredReview[]> {
    const all = await Promise.all(
      [...new Set(apis)].map(api => this.parts.reviews.ofApi(api)),
    );
    return all.flat();
  }

  async #known(
    ids: readonly string[],
    given?: readonly StoredRequest[],
  ): Promise<Known> {
    const { requests } = this.parts;
    const found =
      given ??
      (ids.length === 0
        ? []
        : (
            await requests.listRequests(
              { ids: [...new Set(ids)] },
              { limit: ids.length },
            )
          ).items);
    const own = found.map(({ id }) => id);
    const [steps, approvals, proposals] = await Promise.all([
      requests.transitionsOf(own),
      requests.approvals(own),
      this.access.proposalsOf(found),
    ]);
    return {
      requests: new Map(found.map(each => [each.id, each])),
      ...{ steps, approvals, proposals },
    };
  }

  #partsOf(request: StoredRequest, known: Known) {
    const { id, proposalId = '' } = request;
    const proposal = known.proposals.get(proposalId);
    return {
      request,
      steps: known.steps.get(id) ?? [],
      approvals: known.approvals.filter(({ requestId }) => requestId === id),
      ...(proposal && { proposal }),
    };
  }

  /** Those about which the reader may know everybody. */
  async #seen<T>(
    items: readonly T[],
    refsOf: (item: T) => string[],
    { options }: Making,
  ): Promise<T[]> {
    const hidden = new Set(
      await this.access.hiddenOf(
        [...new Set(items.flatMap(refsOf))],
        options.credentials,
      ),
    );
    return items.filter(item => !refsOf(item).some(ref => hidden.has(ref)));
  }

  #labelled<T>(
    { options, facts }: Making,
    build: (labelOf: LabelOf) => T,
  ): Promise<T> {
    return this.parts.labels.label(options.credentials, labelOf =>
      build(withGateways(facts, labelOf)),
    );
  }

  #words(api: string, { facts, discretion }: Making, labelOf: LabelOf) {
    return {
      contract: contractOf(facts.entity(api), api),
      labelOf,
      discretion,
    };
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
