import type {
  AccessRequest,
  AccessRequestDraft,
  NewAccessRequest,
  Preview,
  RenewBody,
  ReviseBody,
  RevokeBody,
} from '@callgate/plugin-callgate-common';
import { type StaffedNeed, tallyOf } from '../approval';
import type { NewStoredRequest, StoredRequest } from '../database/AccessStore';
import { alreadyAsked } from '../database/openKey';
import type { Person } from '../ownership';
import type { Place } from '../proposals/places';
import type { ProposalDraft, ProposalPreview } from '../proposals/types';
import type { CallerOptions, WriteOptions } from './AccessService';
import type { AccessViews } from './AccessViews';
import { checkText } from './checkText';
import { isOfGrant, onSide, parseChangeDraft } from './changeDraft';
import type { Decisions } from './Decisions';
import { parseConfirmDraft } from './confirmDraft';
import { domainError } from './domainError';
import type { GrantViews } from './GrantViews';
import { newRequest } from './newRequest';
import { parseDraft } from './parseDraft';
import { parseRef } from './parseRef';
import { replayOf } from './Replays';
import type { RequestViews } from './RequestViews';
import { nextState } from './requestLifecycle';
import { requireSendable } from './requireSendable';
import { askedBefore, requireSameEnds, revisedInput } from './revision';
import type { ServiceParts } from './ServiceParts';
import type { Turn } from '../turns';
import type { AccessFacts } from './views/AccessFacts';
import { blockerOf } from './views/blockers';
import { toFinding } from './views/findings';
import { withGateways } from './views/gatewayLabels';
import { toMeaning } from './views/meaning';
import { contractOf } from './views/operations';
import { toFiles } from './views/proposals';
import { shortageText, toDeciders, toNeeds } from './views/needs';
import { clustersOfBoth, toPlace } from './views/places';
import { anyHidden, callersIn, tellFiles } from './views/unseen';

const ENTITY = /^(component|resource|system|domain|group|api):[^/]+\/.+$/;

/** Each may be planned on its own. */
const MOST_PLACES = 12;

/** Asking for access: what it would mean, and sending it. */
export class AccessAsks {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
    private readonly views: RequestViews,
    private readonly decisions: Decisions,
    private readonly grants: GrantViews,
  ) {}

  async preview(
    input: AccessRequestDraft,
    { credentials, signal }: CallerOptions,
  ): Promise<Preview> {
    const { ownership, desk, labels, requests } = this.parts;
    const person = await ownership.person(credentials);
    const { draft, refusal } = await this.#asked(
      await this.#read(input, person, credentials),
      person,
    );
    const preview = await desk.preview(draft, {
      kind: 'preview',
      by: person.ref,
      signal,
    });
    const staffed = await this.decisions.staff(preview.needs, person.ref);
    const facts = await this.access.facts();
    const contract = contractOf(facts.entity(draft.api), draft.api);
    const discretion = await this.access.discretion(facts, credentials);
    const places = await this.#places(draft, facts, {
      kind: 'preview',
      by: person.ref,
      signal,
    });
    const asked = await requests.askedAlready(draft.api, draft);
    const refused =
      refusal?.message ??
      blockerOf(preview, discretion) ??
      (asked && alreadyAsked(asked).message);
    const named = callersIn(preview.meaning, []);
    return labels.label(credentials, labelOf => {
      const secret =
        anyHidden(named, labelOf) || discretion.hidesCallersOf(draft.api);
      const reason = refused ?? shortageText(staffed, labelOf);
      return {
        digest: preview.meaning.digest,
        meaning: toMeaning(
          preview.meaning,
          contract,
          withGateways(facts, labelOf),
          discretion,
        ),
        files: tellFiles(toFiles(preview.files), secret, discretion),
        findings: preview.findings.map(found => toFinding(found, discretion)),
        deciders: toDeciders(staffed, labelOf),
        needs: toNeeds(tallyOf(staffed, [], ''), labelOf),
        send:
          reason === undefined ? { allowed: true } : { allowed: false, reason },
        acknowledgeable: [...preview.acknowledgeable],
        ...(places && {
          places: places.map(place => toPlace(place, discretion)),
        }),
        ...(preview.source.commit && { tip: preview.source.commit }),
        ...(asked && { asked: { id: asked.id, number: asked.number } }),
      };
    });
  }

  async create(
    input: NewAccessRequest,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { ownership, requests, notifier } = this.parts;
    const { credentials } = options;
    const person = await ownership.person(credentials);
    const { answered, idempotency } = await replayOf(
      requests,
      person.ref,
      options,
      { action: 'create', body: input },
    );
    const before = answered ? await requests.getRequest(answered) : undefined;
    if (before) {
      return this.views.request(before, credentials);
    }
    const { draft, refusal } = await this.#asked(
      await this.#read(input, person, credentials),
      person,
    );
    // What is to be confirmed says itself what it is for.
    if (draft.reason === '' && !draft.confirm) {
      throw domainError(
        'reason-missing',
        'reason is missing: say what the access is for. The owner decides on it.',
      );
    }
    if (refusal) {
      throw refusal;
    }
    const { preview, staffed } = await this.#sendable(
      draft,
      input.digest,
      credentials,
    );
    const request = await this.#store({ draft, preview, person }, idempotency);
    if (request.draft.change) {
      await this.#tellOfChange(request, staffed);
    } else {
      await notifier.submitted(request, staffed);
    }
    return this.views.request(request, credentials, { preview });
  }

  /** Replaces what a request asks for while nobody has decided it, and sends it again under its id. */
  async revise(
    request: StoredRequest,
    body: ReviseBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { ownership, requests, notifier } = this.parts;
    const { credentials } = options;
    const person = await ownership.person(credentials);
    const refused = this.decisions.mayRevise(request, person);
    if (refused) {
      throw refused;
    }
    const { answered, idempotency } = await replayOf(
      requests,
      person.ref,
      options,
      { action: 'revise', id: request.id, body },
    );
    if (answered) {
      return this.views.request(request, credentials);
    }
    if (nextState(request.state, 'revise') === undefined) {
      throw domainError(
        'wrong-state',
        `The request is ${request.state} meanwhile.`,
      );
    }
    const note = checkText(body.note, 'note');
    const { draft, refusal } = await this.#asked(
      await this.#read(revisedInput(request, body), person, credentials),
      person,
    );
    if (refusal) {
      throw refusal;
    }
    requireSameEnds(request, draft);
    if (draft.reason === '') {
      throw domainError(
        'reason-missing',
        'reason is missing: say what the access is for. The owner decides on it.',
      );
    }
    const { preview, staffed } = await this.#sendable(
      draft,
      body.digest,
      credentials,
    );
    const stored = await this.#toStore(draft, preview);
    const revised = await requests.revise({
      id: request.id,
      actor: person.ref,
      version: body.version ?? request.version,
      draft: stored.draft,
      shown: stored.shown,
      needs: preview.needs,
      risk: stored.risk,
      words: stored.words,
      parties: stored.parties,
      ...(note && { note }),
      facts: { code: 'revised', before: askedBefore(request) },
      idempotency,
    });
    if (revised.state === 'approved') {
      await this.#tellOfChange(revised, staffed);
    } else {
      await notifier.revised(revised, staffed);
    }
    return this.views.request(revised, credentials, { preview });
  }

  /**
   * What a draft means at this moment, if it may be sent.
   *
   * @param digest - of the meaning that its author was shown
   */
  async #sendable(
    draft: ProposalDraft,
    digest: string,
    credentials: CallerOptions['credentials'],
  ): Promise<{ preview: ProposalPreview; staffed: StaffedNeed[] }> {
    const { desk, labels } = this.parts;
    const by = draft.requestedBy ?? '';
    const preview = await desk.preview(
      draft,
      { kind: 'decision', by },
      { fresh: true },
    );
    const staffed = await this.decisions.staff(preview.needs, by);
    const shortage = await labels.label(credentials, labelOf =>
      shortageText(staffed, labelOf),
    );
    if (shortage) {
      throw domainError('nobody-can-decide', shortage);
    }
    requireSendable(
      preview,
      await this.access.discretion(await this.access.facts(), credentials),
    );
    if (preview.meaning.digest !== digest) {
      throw domainError(
        'meaning-changed',
        'What this opens has changed since it was shown. Look at it again and send it then.',
      );
    }
    return { preview, staffed };
  }

  /** Where it could be granted; `undefined`: it names what is declared already, or there are too many clusters to tell. */
  async #places(
    draft: ProposalDraft,
    facts: AccessFacts,
    turn: Turn,
  ): Promise<readonly Place[] | undefined> {
    const among = draft.confirm
      ? []
      : clustersOfBoth(facts, draft.api, draft.caller);
    return among.length > 0 && among.length <= MOST_PLACES
      ? this.parts.desk.places(draft, among, turn)
      : undefined;
  }

  /** Ends a grant, by its id: the short form of a request of the kind `end`. */
  async revoke(
    id: string,
    body: RevokeBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    return this.#askOf('end', id, body, options);
  }

  /** Asks for a later last day of a grant, by its id: the short form of a request of the kind `renew`. */
  async renew(
    id: string,
    body: RenewBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    return this.#askOf('renew', id, body, options);
  }

  async #askOf(
    kind: 'renew' | 'end',
    id: string,
    { api, ...body }: RevokeBody | RenewBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    return this.create(
      {
        ...body,
        kind,
        grant: id,
        api: await this.grants.apiOf(id, api, options),
        // Those of the grant.
        caller: '',
        operations: [],
      },
      options,
    );
  }

  /** Who decides hears of it, and the other side: theirs is what is taken away, or what they granted. */
  async #tellOfChange(
    request: StoredRequest,
    staffed: readonly StaffedNeed[],
  ): Promise<void> {
    const { ownership, notifier } = this.parts;
    const side = request.draft.change?.side;
    const [callers, owners] = await Promise.all([
      ENTITY.test(request.callerRef)
        ? ownership.ownersOf(request.callerRef)
        : [],
      ownership.ownersOf(request.apiRef),
    ]);
    await notifier.changeAsked(request, staffed, {
      callers: side === 'caller' ? [] : callers,
      owners: side === 'api' ? [] : owners,
    });
    if (request.state === 'approved') {
      this.parts.desk.wake();
    }
  }

  async #store(
    asked: {
      draft: ProposalDraft & { reason: string };
      preview: ProposalPreview;
      person: Person;
    },
    idempotency: Parameters<ServiceParts['requests']['createRequest']>[1],
  ): Promise<StoredRequest> {
    const { draft, preview, person } = asked;
    const { parties, ...rest } = await this.#toStore(draft, preview);
    return this.parts.requests.createRequest(
      {
        ...rest,
        requestedBy: person.ref,
        parties: [{ role: 'requester', ref: person.ref }, ...parties],
      },
      idempotency,
    );
  }

  async #toStore(
    draft: ProposalDraft & { reason: string },
    preview: ProposalPreview,
  ): Promise<Omit<NewStoredRequest, 'requestedBy'>> {
    const facts = await this.access.facts();
    const contract = contractOf(facts.entity(draft.api), draft.api);
    return newRequest(this.parts.ownership, draft, preview, contract);
  }

  /** What a client asks for, of what they may see. */
  async #read(
    input: AccessRequestDraft,
    person: Person,
    credentials: CallerOptions['credentials'],
  ): Promise<ProposalDraft & { reason: string }> {
    const { lifecycle, now } = this.parts;
    const how = { lifecycle, now: now() };
    if (input.kind !== 'confirm' && !isOfGrant(input.kind)) {
      const draft = parseDraft(input, person.ref, how);
      await this.access.requireVisible([draft.api, draft.caller], credentials);
      return draft;
    }
    const facts = await this.access.facts();
    const policyOf = (ref: string) => facts.policyOf(ref);
    const draft = isOfGrant(input.kind)
      ? parseChangeDraft(input, person.ref, { ...how, policyOf })
      : parseConfirmDraft(input, person.ref, facts.snapshot, policyOf);
    const api = draft?.api ?? parseRef(input.api, 'api', ['api']);
    await this.access.requireVisible([api], credentials);
    if (draft?.confirm && 'provider' in draft.confirm) {
      await this.access.requireVisible([draft.caller], credentials);
    }
    // Who may not see a caller does not learn by its grants that it is there.
    const hidden =
      draft && (await this.access.hiddenOf([draft.caller], credentials));
    if (!draft || hidden?.length) {
      throw domainError(
        'no-such-grant',
        `There is no such grant in the declaration of ${api}.`,
      );
    }
    return draft;
  }

  /**
   * The requester owns the caller, or owns the API and grants unasked. Of a grant that is there it says for which side they ask, and
   * the security team may end any.
   */
  async #asked<T extends ProposalDraft>(
    draft: T,
    person: Person,
  ): Promise<{ draft: T; refusal?: Error }> {
    const { ownership, securityTeam } = this.parts;
    // A caller may be an address, a gateway or the API itself, which nobody owns.
    const owned = await ownership.owned(
      person,
      [draft.caller, draft.api].filter(ref => ENTITY.test(ref)),
    );
    if (owned.includes(draft.api)) return { draft: onSide(draft, 'api') };
    if (owned.length > 0) return { draft: onSide(draft, 'caller') };
    if (
      draft.change?.kind === 'end' &&
      securityTeam !== undefined &&
      person.claims.has(securityTeam)
    ) {
      return { draft: onSide(draft, 'security') };
    }
    return {
      draft,
      refusal: domainError(
        'not-caller-owner',
        draft.confirm && 'provider' in draft.confirm
          ? `You own neither ${draft.caller} nor ${draft.api}. Ask an owner of the component to send this request.`
          : `You own neither ${draft.caller} nor ${draft.api}. Ask an owner of the caller to send this request.`,
      ),
    };
  }
}
