import { NotFoundError } from '@backstage/errors';
import type { CascadeFlag, Finding } from '@callgate/policy';
import type {
  ApiAccess,
  ApiOperations,
  ApprovalRules,
  CallerAccess,
  Capability,
  ExplainedCall,
  Explanation,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import type { Person } from '../ownership';
import type { ProposalRecord } from '../proposals/types';
import type { CallerOptions, ReadOptions, Sight } from './AccessService';
import type { Decisions } from './Decisions';
import { lastDayTerms } from './lastDay';
import { CARRIED_STATES, OPEN_STATES } from './requestLifecycle';
import type { CallerCredentials } from '../services';
import type { ServiceParts } from './ServiceParts';
import { AccessFacts } from './views/AccessFacts';
import { apiAccess } from './views/apiAccess';
import { toApprovalRules } from './views/approvalRules';
import { callerAccess } from './views/callerAccess';
import type { Discretion } from './views/Discretion';
import { Discretions } from './views/Discretions';
import { toExplanations } from './views/explanations';
import { toFinding } from './views/findings';
import { hideUnseen } from './views/hideUnseen';
import { contractOf, methodsByHand } from './views/operations';
import { proposalSummary } from './views/proposals';
import { requestSummary } from './views/requests';
import { Flags, some } from './Flags';
import { withConfirms, withProviderAsks } from './withConfirms';
import { withFlags } from './withFlags';

const OPEN_OF_API = 100;
const LATEST_OF_CALLER = 20;
const EVERYTHING: Sight = { proposals: true, asks: true };

/** The pages of APIs and callers, as one person may see them. */
export class AccessViews {
  readonly #discretions: Discretions;

  constructor(
    private readonly parts: ServiceParts,
    private readonly decisions: Decisions,
  ) {
    this.#discretions = new Discretions(parts.labels);
  }

  async facts(): Promise<AccessFacts> {
    return AccessFacts.of(await this.parts.desk.snapshot());
  }

  /** What has become of the things that grants name, for one person. */
  async flags(
    facts: AccessFacts,
    person: Person,
    open: readonly StoredRequest[],
    sight: Sight,
    isAbout: (flag: CascadeFlag) => boolean,
  ): Promise<Flags> {
    const { cascade, ownership } = this.parts;
    const flags = (await cascade.flagsOf(facts.snapshot)).filter(isAbout);
    return Flags.of({ facts, flags, ownership, person, open, sight });
  }

  /** What a person must not be told. */
  async discretion(
    facts: AccessFacts,
    credentials: CallerCredentials,
  ): Promise<Discretion> {
    return this.#discretions.of(facts, credentials);
  }

  /** @throws NotFoundError for entities that are not there or that the person may not see: both read alike */
  async requireVisible(
    refs: string[],
    credentials: CallerCredentials,
  ): Promise<void> {
    const labels = await this.parts.labels.label(credentials, labelOf =>
      refs.map(labelOf),
    );
    const unseen = refs.find((_, index) => labels[index].state !== 'visible');
    if (unseen !== undefined) {
      throw new NotFoundError(`There is no ${unseen} in the catalog`);
    }
  }

  /** Rules of who approves, as one person may see them. */
  async approvalRules({ credentials }: CallerOptions): Promise<ApprovalRules> {
    const facts = await this.facts();
    const discretion = await this.discretion(facts, credentials);
    const { evaluators = [], labels } = this.parts;
    return labels.label(credentials, labelOf =>
      toApprovalRules(facts.snapshot, evaluators, labelOf, discretion),
    );
  }

  async apiAccess(
    apiRef: string,
    { credentials, sight = EVERYTHING }: ReadOptions,
  ): Promise<ApiAccess> {
    await this.requireVisible([apiRef], credentials);
    const { ownership, requests, proposals, labels, platformTeam } = this.parts;
    const person = await ownership.person(credentials);
    const [facts, owners, { items: open }, current] = await Promise.all([
      this.facts(),
      ownership.ownersOf(apiRef),
      requests.listRequests(
        {
          apiRef,
          states: OPEN_STATES,
          visible: sight.requests,
          sort: 'oldest',
        },
        { limit: OPEN_OF_API },
      ),
      proposals.currentProposal(apiRef),
    ]);
    const proposal = sight.proposals ? current : undefined;
    const contract = contractOf(facts.entity(apiRef), apiRef);
    const owns = owners.some(owner => person.claims.has(owner));
    const standings = await this.decisions.standings(open, person);
    const discretion = await this.discretion(facts, credentials);
    const askable = await this.#mayConfirm(
      facts.findingsOf(apiRef),
      person,
      sight,
    );
    const flags = await this.flags(
      facts,
      person,
      open,
      sight,
      ({ api }) => api === apiRef,
    );
    return hideUnseen(
      await labels.label(credentials, labelOf => ({
        ...withProviderAsks(
          withFlags(
            withConfirms(
              apiAccess(facts, apiRef, contract, labelOf, discretion),
              open,
            ),
            (api, id) => flags.ofGrant(api, id, labelOf),
          ),
          askable,
          open,
        ),
        ...some(flags.ofApi(apiRef, labelOf)),
        owners: owners.map(labelOf),
        openRequests: open.map((request, index) =>
          requestSummary(request, {
            contract,
            labelOf,
            ...standings[index],
            reader: person.ref,
            ...(proposal &&
              CARRIED_STATES.includes(request.state) && { proposal }),
          }),
        ),
        ...(proposal && {
          proposal: proposalSummary(
            proposal,
            open.filter(({ state }) => CARRIED_STATES.includes(state)),
            facts,
            labelOf,
            {
              platformTeam,
              reviewsInPortal: this.parts.desk.reviewsIn(proposal.forge),
            },
            discretion,
          ),
        }),
        request: mayAsk(sight),
        grant: owns
          ? mayAsk(sight)
          : {
              allowed: false,
              reason: 'Only owners of the API grant access unasked.',
            },
      })),
      discretion,
    );
  }

  async apiOperations(
    apiRef: string,
    { credentials }: ReadOptions,
  ): Promise<ApiOperations> {
    await this.requireVisible([apiRef], credentials);
    const facts = await this.facts();
    const contract = contractOf(facts.entity(apiRef), apiRef);
    const providers = facts
      .providersOf(apiRef)
      .flatMap(ref => facts.workloadsOf(ref));
    const discretion = await this.discretion(facts, credentials);
    const known = await this.parts.cascade.flagsOf(facts.snapshot);
    return this.parts.labels.label(credentials, labelOf => ({
      api: labelOf(apiRef),
      ...some(Flags.told(facts, known).ofApi(apiRef, labelOf)),
      operations: contract.operations,
      methods: methodsByHand(),
      ...(contract.basePath && { basePath: contract.basePath }),
      ports: facts.servicePortsOf(apiRef),
      clusters: [...new Set(providers.map(({ cluster }) => cluster))].sort(),
      lastDay: lastDayTerms(this.parts.lifecycle, this.parts.now()),
      findings: contract.findings.map(found => toFinding(found, discretion)),
    }));
  }

  async callerAccess(
    callerRef: string,
    { credentials, sight = EVERYTHING }: ReadOptions,
  ): Promise<CallerAccess> {
    await this.requireVisible([callerRef], credentials);
    const { ownership, requests, labels } = this.parts;
    const person = await ownership.person(credentials);
    const facts = await this.facts();
    const { items } = await requests.listRequests(
      { callerRef, visible: sight.requests },
      { limit: LATEST_OF_CALLER },
    );
    const carrying = sight.proposals
      ? await this.proposalsOf(items)
      : new Map<string, ProposalRecord>();
    const standings = await this.decisions.standings(items, person);
    const discretion = await this.discretion(facts, credentials);
    const askable = await this.#mayConfirm(
      facts.findingsAbout(callerRef),
      person,
      sight,
    );
    const calls = new Set(facts.accessOf(callerRef).rows.map(row => row.api));
    const flags = await this.flags(
      facts,
      person,
      items.filter(({ state }) => OPEN_STATES.includes(state)),
      sight,
      ({ api }) => calls.has(api),
    );
    return labels.label(credentials, labelOf =>
      hideUnseen(
        {
          ...withProviderAsks(
            withFlags(
              withConfirms(
                callerAccess(facts, callerRef, labelOf, discretion),
                items,
              ),
              (api, id) => [
                ...flags.ofGrant(api, id, labelOf),
                ...flags.ofApi(api, labelOf),
              ],
            ),
            askable,
            items,
          ),
          requests: items.map((request, index) =>
            requestSummary(request, {
              contract: contractOf(
                facts.entity(request.apiRef),
                request.apiRef,
              ),
              labelOf,
              ...standings[index],
              reader: person.ref,
              proposal: carrying.get(request.proposalId ?? ''),
            }),
          ),
        },
        discretion,
      ),
    );
  }

  /** Those of some entities that the catalog hides from a person. */
  async hiddenOf(
    refs: readonly string[],
    credentials: ReadOptions['credentials'],
  ): Promise<string[]> {
    return this.parts.labels.label(credentials, labelOf =>
      refs.filter(ref => labelOf(ref).state === 'hidden'),
    );
  }

  async explain(
    call: ExplainedCall,
    { credentials, signal }: ReadOptions,
  ): Promise<Explanation[]> {
    await this.requireVisible([call.api, call.caller], credentials);
    const { ownership, desk } = this.parts;
    const { ref: by } = await ownership.person(credentials);
    const facts = await this.facts();
    const discretion = await this.discretion(facts, credentials);
    const found = await desk.inTurn({ kind: 'explanation', by, signal }, () =>
      facts.explainAccess(call),
    );
    return toExplanations(facts, call, found, discretion);
  }

  /** Findings of components that wait to be confirmed as providers, of those that a person may ask for. */
  async #mayConfirm(
    findings: readonly Finding[],
    person: Person,
    { asks }: Sight,
  ): Promise<Finding[]> {
    const found = findings.filter(
      ({ code, api, objects }) =>
        asks &&
        code === 'provider-not-confirmed' &&
        api !== undefined &&
        objects.length === 1,
    );
    if (found.length === 0) return [];
    const owned = await this.parts.ownership.owned(person, [
      ...new Set(found.flatMap(({ api = '', objects: [ref] }) => [api, ref])),
    ]);
    return found.filter(({ api = '', objects: [ref] }) =>
      [api, ref].some(each => owned.includes(each)),
    );
  }

  /** The proposals that carry some requests, by their ids. */
  async proposalsOf(
    requests: readonly StoredRequest[],
  ): Promise<Map<string, ProposalRecord>> {
    const found = new Map<string, ProposalRecord>();
    for (const { proposalId } of requests) {
      if (proposalId && !found.has(proposalId)) {
        const proposal = await this.parts.proposals.getProposal(proposalId);
        if (proposal) {
          found.set(proposalId, proposal);
        }
      }
    }
    return found;
  }
}

function mayAsk({ asks }: Sight): Capability {
  return asks
    ? { allowed: true }
    : {
        allowed: false,
        reason: 'The permission policy of this portal does not let you ask.',
      };
}
