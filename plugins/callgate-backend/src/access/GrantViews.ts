import type {
  AccessRow,
  Capability,
  GrantPage,
} from '@callgate/plugin-callgate-common';
import {
  formatCallerRef,
  gapTitle,
  type Grant,
  parseCallerRef,
} from '@callgate/policy';
import type { StoredRequest } from '../database/AccessStore';
import type { Person } from '../ownership';
import type { ReadOptions } from './AccessService';
import type { AccessViews } from './AccessViews';
import type { Decisions } from './Decisions';
import { domainError } from './domainError';
import { parseRef } from './parseRef';
import { OPEN_STATES } from './requestLifecycle';
import type { ServiceParts } from './ServiceParts';
import type { AccessFacts } from './views/AccessFacts';
import { accessRow, callerLabel } from './views/accessRow';
import type { Discretion } from './views/Discretion';
import { withGateways } from './views/gatewayLabels';
import { toGrantReview, toReviewTerm } from './views/grantReviews';
import { toGrantStep } from './views/grantSteps';
import { hideUnseen } from './views/hideUnseen';
import type { LabelOf } from './views/Labels';
import { contractOf, grantedOperations } from './views/operations';
import { requestSummary } from './views/requests';
import { toSource } from './views/source';
import { withoutEstate } from './views/withoutEstate';

/** A page shows no more requests about one grant than these. */
const MOST_STEPS = 100;

const ENTITY = /^(component|resource|system|domain|group|api):[^/]+\/.+$/;

/** One grant from the first request to now, as a person may see it. */
export class GrantViews {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
    private readonly decisions: Decisions,
  ) {}

  /**
   * The one API that has, or had, a grant of this id, of those that a person may see.
   *
   * @throws NotFoundError with code `no-such-grant`, InputError with code `bad-reference` where there are several
   */
  async apiOf(
    id: string,
    asked: string | undefined,
    { credentials }: Pick<ReadOptions, 'credentials'>,
  ): Promise<string> {
    if (asked !== undefined) return parseRef(asked, 'api', ['api']);
    const facts = await this.access.facts();
    const declared = facts
      .policies()
      .filter(({ spec }) => spec.grants.some(grant => grant.id === id))
      .map(({ spec }) => spec.api);
    const found =
      declared.length > 0
        ? declared
        : await this.parts.requests.apisOfGrant(id);
    const hidden = await this.access.hiddenOf(found, credentials);
    const seen = found.filter(api => !hidden.includes(api));
    if (seen.length > 1) {
      throw domainError(
        'bad-reference',
        `Several APIs have a grant ${id}: say which one, with api.`,
      );
    }
    if (seen.length === 0) throw noGrant();
    return seen[0];
  }

  async page(
    id: string,
    asked: string | undefined,
    options: ReadOptions,
  ): Promise<GrantPage> {
    const { credentials, sight } = options;
    const { requests, ownership, labels } = this.parts;
    const person = await ownership.person(credentials);
    const api = await this.apiOf(id, asked, options);
    await this.access.requireVisible([api], credentials);
    const facts = await this.access.facts();
    const policy = facts.policyOf(api);
    const grant = policy?.spec.grants.find(each => each.id === id);
    const all = await requests.requestsOfGrant(api, id);
    const last = all[all.length - 1];
    const declared =
      grant && parseCallerRef(grant.caller, policy?.metadata.namespace ?? '');
    const caller = declared ? formatCallerRef(declared) : last?.callerRef;
    // Who may not see a caller does not learn by its grants that it is there.
    if (
      caller === undefined ||
      (await this.access.hiddenOf([caller], credentials)).length > 0
    ) {
      throw noGrant();
    }
    // Another caller's grant had this id before.
    const own = all.filter(({ callerRef }) => callerRef === caller);
    const { items } = await requests.listRequests(
      {
        ids: own.map(each => each.id),
        visible: sight?.requests,
        sort: 'oldest',
      },
      { limit: MOST_STEPS },
    );
    const proposals =
      sight?.proposals === false
        ? new Map()
        : await this.access.proposalsOf(items);
    const standings = await this.decisions.standings(items, person);
    const ids = items.map(each => each.id);
    const [steps, approvals] = await Promise.all([
      requests.transitionsOf(ids),
      requests.approvals(ids),
    ]);
    const contract = contractOf(facts.entity(api), api);
    const terms = termsOf(grant, last);
    const discretion = await this.access.discretion(facts, credentials);
    const [reviewed, reviews] = await Promise.all([
      grant && this.parts.reviews.of(facts.snapshot, api, id),
      this.parts.reviews.ofGrant(api, caller, id),
    ]);
    const review = reviewed && toReviewTerm(reviewed);
    const flags = await this.access.flags(
      facts,
      person,
      items.filter(({ state }) => OPEN_STATES.includes(state)),
      sight ?? { proposals: true, asks: true },
      each => each.api === api,
    );
    const may = await this.#may(person, { api, caller, grant }, options);
    return labels.label(credentials, labelOf => ({
      id,
      api: labelOf(api),
      caller: labelOf(caller),
      declared: grant !== undefined,
      operations: grantedOperations(terms.operations, contract),
      in: terms.in,
      acknowledges: terms.acknowledges,
      acceptedGaps: terms.acknowledges.map(gapTitle),
      ...(terms.until && { until: terms.until }),
      ...(terms.reason && { reason: terms.reason }),
      ...(terms.requestedBy && { requestedBy: labelOf(terms.requestedBy) }),
      approvedBy: (grant?.approvedBy ?? []).map(labelOf),
      ...(grant?.breakGlass && { breakGlass: true }),
      rows: grant ? rowsOf(facts, api, id, labelOf, discretion) : [],
      ...(grant && flags.on(api, id, labelOf)),
      history: items.map((request, index) => {
        const proposal = proposals.get(request.proposalId ?? '');
        return toGrantStep(
          {
            request,
            steps: steps.get(request.id) ?? [],
            approvals: approvals.filter(
              ({ requestId }) => requestId === request.id,
            ),
            head: proposal?.head,
          },
          requestSummary(request, {
            contract,
            labelOf,
            ...standings[index],
            reader: person.ref,
            ...(proposal && { proposal }),
          }),
          { contract, labelOf: withGateways(facts, labelOf), discretion },
        );
      }),
      reviews: reviews.map(each => toGrantReview(each, labelOf)),
      ...(review && { review }),
      ...may,
      source: toSource(facts.snapshot, discretion),
    }));
  }

  async #may(
    person: Person,
    about: { api: string; caller: string; grant: Grant | undefined },
    { sight }: ReadOptions,
  ): Promise<Pick<GrantPage, 'change' | 'renew' | 'end'>> {
    const { api, caller, grant } = about;
    const { ownership, securityTeam } = this.parts;
    const no = (reason: string): Capability => ({ allowed: false, reason });
    const alike = (each: Capability) => ({
      change: each,
      renew: each,
      end: each,
    });
    if (!grant) return alike(no('The grant has ended.'));
    if (sight?.asks === false) {
      return alike(
        no('The permission policy of this portal does not let you ask.'),
      );
    }
    const owned = await ownership.owned(
      person,
      [caller, api].filter(ref => ENTITY.test(ref)),
    );
    if (owned.length > 0) return alike({ allowed: true });
    const none = no('You own neither the caller nor the API.');
    return {
      ...alike(none),
      ...(securityTeam &&
        person.claims.has(securityTeam) && { end: { allowed: true } }),
    };
  }
}

/** How one grant stands: the rows of its API where it holds, without the other grants of the same callers. */
function rowsOf(
  facts: AccessFacts,
  api: string,
  id: string,
  labelOf: LabelOf,
  discretion: Discretion,
): AccessRow[] {
  const context = { facts, labelOf: withGateways(facts, labelOf), discretion };
  const rows = facts
    .accessTo(api)
    .rows.map(row => ({
      ...row,
      grants: row.grants.filter(({ grant }) => grant.id === id),
      places: row.places.filter(({ grants }) => grants.includes(id)),
    }))
    .filter(({ grants }) => grants.length > 0)
    .map(row => accessRow(context, row, callerLabel(context, row)));
  const known = withoutEstate(facts.snapshot);
  return hideUnseen({ callers: known.rows(rows) }, discretion).callers;
}

function termsOf(grant: Grant | undefined, last: StoredRequest | undefined) {
  const draft = last?.draft;
  return {
    operations: grant?.operations ?? draft?.operations ?? [],
    in: [...(grant?.in ?? draft?.in ?? [])],
    acknowledges: [...(grant?.acknowledges ?? draft?.acknowledges ?? [])],
    until: grant?.until,
    reason: grant?.reason,
    requestedBy: grant?.requestedBy,
  };
}

function noGrant(): Error {
  return domainError('no-such-grant', 'There is no such grant.');
}
