import type {
  AccessRequest,
  AccessRequestDraft,
  NewAccessRequest,
  Preview,
  RenewBody,
  ReviseBody,
  RevokeBody,
} from '@callgate/plugin-callgate-common';
import { addDays, dayAt } from '@callgate/policy';
import { type StaffedNeed, tallyOf } from '../approval';
import type { NewStoredRequest, StoredRequest } from '../database/AccessStore';
import { alreadyAsked } from '../database/openKey';
import type { Person } from '../ownership';
import { grantOf } from '../proposals/changeGrant';
import type { Place } from '../proposals/places';
import type { ProposalDraft, ProposalPreview } from '../proposals/types';
import type {
  CallerOptions,
  PreviewOptions,
  WriteOptions,
} from './AccessService';
import type { AccessViews } from './AccessViews';
import { checkText } from './checkText';
import { isOfGrant, onSide, parseChangeDraft } from './changeDraft';
import type { Decisions } from './Decisions';
import { parseConfirmDraft } from './confirmDraft';
import { domainError } from './domainError';
import { glassRefusal, glassTerms } from './glassAsk';
import { refusalOf } from './refusalOf';
import type { GrantViews } from './GrantViews';
import {
  type LifecycleConfig,
  lastDayTerms,
  readLastDay,
  withRules,
} from './lastDay';
import { newRequest } from './newRequest';
import { parseDraft } from './parseDraft';
import { parseRef } from './parseRef';
import { replayOf } from './Replays';
import type { RequestViews } from './RequestViews';
import { nextState } from './requestLifecycle';
import { requireSendable } from './requireSendable';
import { requireWhenLast } from './requireWhenLast';
import { askedBefore, requireSameEnds, revisedInput } from './revision';
import type { ServiceParts } from './ServiceParts';
import type { Turn } from '../turns';
import type { AccessFacts } from './views/AccessFacts';
import { toAutomatic } from './views/automatic';
import { blockerOf } from './views/blockers';
import { toFinding } from './views/findings';
import { toGlassOffer } from './views/breakGlass';
import { withGateways } from './views/gatewayLabels';
import { toMeaning } from './views/meaning';
import { contractOf } from './views/operations';
import { toFiles } from './views/proposals';
import { shortageText, toDeciders, toNeeds } from './views/needs';
import { clustersOfBoth, toPlace } from './views/places';
import { anyHidden, callersIn, tellFiles } from './views/unseen';

const ENTITY = /^(component|resource|system|domain|group|api):[^/]+\/.+$/;

/** Rules may ask how long it lasts, and say how long it may: so often it is asked again. */
const MOST_TERMS = 3;

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
    { credentials, signal, mayBreakGlass }: PreviewOptions,
  ): Promise<Preview> {
    const { ownership, desk, labels, requests } = this.parts;
    const person = await ownership.person(credentials);
    const asked = await this.#asked(
      await this.#read(input, person, credentials),
      person,
    );
    const { refusal } = asked;
    const { draft, preview, terms, tooLate } = await this.#inTime(
      input,
      asked.draft,
      each => desk.preview(each, { kind: 'preview', by: person.ref, signal }),
    );
    const staffed = await this.decisions.staff(preview.needs, person.ref);
    const facts = await this.access.facts();
    const contract = contractOf(facts.entity(draft.api), draft.api);
    const discretion = await this.access.discretion(facts, credentials);
    const places = await this.#places(draft, facts, {
      kind: 'preview',
      by: person.ref,
      signal,
    });
    const proposeOn = await this.#noticeOf(draft, preview);
    const mayBeUrgent =
      proposeOn !== undefined &&
      (await this.#asked(
        { ...draft, change: draft.change && { ...draft.change, urgent: true } },
        person,
      ).then(({ refusal: no }) => no === undefined));
    const open = await requests.askedAlready(draft.api, draft);
    // A request that is changed does not stand in its own way.
    const already = open?.id === input.revises ? undefined : open;
    const offer =
      mayBreakGlass && this.parts.breakGlass && !input.revises
        ? await glassRefusal(this.parts, draft, preview, person)
        : undefined;
    const refused =
      refusal?.message ??
      tooLate?.message ??
      blockerOf(preview, discretion) ??
      (draft.breakGlass && offer?.message) ??
      (already && alreadyAsked(already).message);
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
        ...toAutomatic(preview.automatic),
        ...(terms.rule !== undefined && {
          lastDay: lastDayTerms(terms, this.parts.now()),
        }),
        ...(proposeOn !== undefined && {
          notice: {
            days: this.parts.lifecycle.notice ?? 0,
            urgent: mayBeUrgent,
            ...(!draft.change?.urgent && { proposeOn }),
          },
        }),
        acknowledgeable: [...preview.acknowledgeable],
        ...(places && {
          places: places.map(place => toPlace(place, discretion)),
        }),
        ...(preview.source.commit && { tip: preview.source.commit }),
        ...(already && { asked: { id: already.id, number: already.number } }),
        ...(mayBreakGlass &&
          !draft.change &&
          !draft.confirm &&
          !input.revises &&
          toGlassOffer(this.parts, reason ?? offer?.message)),
      };
    });
  }

  /**
   * Sends a request.
   *
   * @param shown - where something else than its meaning was shown, such as the grant that is to end: whether that is still so.
   * Then `digest` is of that
   */
  async create(
    input: NewAccessRequest,
    options: WriteOptions,
    shown?: () => Promise<void>,
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
    await shown?.();
    const asked = await this.#asked(
      await this.#read(input, person, credentials),
      person,
    );
    const { refusal } = asked;
    // What is to be confirmed says itself what it is for.
    if (asked.draft.reason === '' && !asked.draft.confirm) {
      throw domainError(
        'reason-missing',
        'reason is missing: say what the access is for. The owner decides on it.',
      );
    }
    if (refusal) {
      throw refusal;
    }
    const sendable = await this.#sendable(
      input,
      asked.draft,
      shown ? undefined : input.digest,
      credentials,
    );
    const noGlass =
      sendable.draft.breakGlass &&
      (await glassRefusal(
        this.parts,
        sendable.draft,
        sendable.preview,
        person,
      ));
    if (noGlass) {
      throw noGlass;
    }
    const request = await this.#store({ ...sendable, person }, idempotency);
    if (request.breakGlass) {
      this.parts.desk.wake();
      await notifier.glassBroken(request, sendable.staffed);
    } else if (request.draft.change) {
      await this.#tellOfChange(request, sendable.staffed);
    } else if (request.state === 'approved') {
      await this.#goesOn(request, sendable.preview);
    } else {
      await notifier.submitted(request, sendable.staffed);
    }
    return this.views.request(request, credentials, sendable);
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
    const input = revisedInput(request, body);
    const asked = await this.#asked(
      await this.#read(input, person, credentials),
      person,
    );
    if (asked.refusal) {
      throw asked.refusal;
    }
    requireSameEnds(request, asked.draft);
    if (asked.draft.reason === '') {
      throw domainError(
        'reason-missing',
        'reason is missing: say what the access is for. The owner decides on it.',
      );
    }
    const { draft, preview, staffed } = await this.#sendable(
      input,
      asked.draft,
      body.digest,
      credentials,
    );
    const revised = await requests.revise({
      ...(await this.#toStore(draft, preview)),
      id: request.id,
      actor: person.ref,
      version: body.version ?? request.version,
      needs: preview.needs,
      ...(note && { note }),
      facts: { code: 'revised', before: askedBefore(request) },
      idempotency,
    });
    if (revised.state !== 'approved') {
      await notifier.revised(revised, staffed);
    } else if (revised.draft.change) {
      await this.#tellOfChange(revised, staffed);
    } else {
      await this.#goesOn(revised, preview);
    }
    return this.views.request(revised, credentials, { preview });
  }

  /** A rule has approved it: there is nothing to wait for. */
  async #goesOn(
    request: StoredRequest,
    { automatic }: ProposalPreview,
  ): Promise<void> {
    const { desk, notifier, ownership } = this.parts;
    desk.wake();
    if (automatic && 'rule' in automatic) {
      await notifier.approvedByRule(
        request,
        automatic.rule,
        await ownership.ownersOf(request.apiRef),
      );
    }
  }

  /**
   * What a draft means at this moment, if it may be sent.
   *
   * @param digest - of the meaning that its author was shown; absent: something else was shown, and compared already
   */
  async #sendable<D extends ProposalDraft>(
    input: Pick<AccessRequestDraft, 'until' | 'kind'>,
    asked: D,
    digest: string | undefined,
    credentials: CallerOptions['credentials'],
  ): Promise<{ draft: D; preview: ProposalPreview; staffed: StaffedNeed[] }> {
    const { desk, labels } = this.parts;
    const by = asked.requestedBy ?? '';
    const { draft, preview, tooLate } = await this.#inTime(input, asked, each =>
      desk.preview(each, { kind: 'decision', by }, { fresh: true }),
    );
    if (tooLate) {
      throw tooLate;
    }
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
    if (digest !== undefined && preview.meaning.digest !== digest) {
      throw domainError(
        'meaning-changed',
        'What this opens has changed since it was shown. Look at it again and send it then.',
      );
    }
    return { draft: await this.#withNotice(draft, preview), preview, staffed };
  }

  /** An end that nobody has to approve waits before it is proposed, so that the other side can see to it. */
  async #withNotice<D extends ProposalDraft>(
    draft: D,
    preview: ProposalPreview,
  ): Promise<D> {
    const { change } = draft;
    const day = await this.#noticeOf(draft, preview);
    return change && day !== undefined && !change.urgent
      ? { ...draft, change: { ...change, proposeOn: day, held: true } }
      : draft;
  }

  /** The day on which an end is proposed that nobody has to approve; `undefined`: at once. */
  async #noticeOf(
    { api, caller, change }: ProposalDraft,
    { needs }: ProposalPreview,
  ): Promise<string | undefined> {
    const { lifecycle, now } = this.parts;
    if (change?.kind !== 'end' || needs.length > 0 || !lifecycle.notice)
      return undefined;
    const facts = await this.access.facts();
    const declaration = facts.snapshot.policies.find(
      ({ policy }) => policy?.spec.api === api,
    );
    const until =
      declaration && grantOf(declaration, { change, caller })?.until;
    const today = dayAt(now());
    const day = addDays(today, lifecycle.notice);
    // It would end by itself on the day after its last one.
    const own = until === undefined ? day : addDays(until, 1);
    const first = own < day ? own : day;
    return first > today ? first : undefined;
  }

  /**
   * A draft with the last day that rules give it where nobody says one, or why the day that somebody says is too late. Which
   * rules are about it is known when it is worked out, and how long it is to last is something that rules may ask.
   */
  async #inTime<D extends ProposalDraft>(
    { until, kind }: Pick<AccessRequestDraft, 'until' | 'kind'>,
    asked: D,
    work: (draft: D) => Promise<ProposalPreview>,
  ): Promise<{
    draft: D;
    preview: ProposalPreview;
    terms: LifecycleConfig;
    tooLate?: Error;
  }> {
    const { lifecycle, now } = this.parts;
    let draft = asked;
    for (let attempt = 1; ; attempt++) {
      const preview = await work(draft);
      const terms = withRules(lifecycle, preview.limits);
      const done = { draft, preview, terms };
      if (draft.breakGlass) {
        const { until: day } = draft;
        const tooLate = refusalOf(() => readLastDay(day, terms, now()));
        return { ...done, ...(tooLate && { tooLate }) };
      }
      // Of a change the day that is there stays where nobody says another one.
      const saysDay =
        kind === undefined ||
        kind === 'new' ||
        kind === 'renew' ||
        (kind === 'change' && draft.until !== undefined);
      if (!saysDay || !preview.limits) return done;
      try {
        const day = readLastDay(until, terms, now());
        const next = draft.change ? day : day || undefined;
        if (next === draft.until || attempt === MOST_TERMS) return done;
        draft = { ...draft, until: next };
      } catch (error) {
        return { ...done, tooLate: error as Error };
      }
    }
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
    const askedOn = dayAt(this.parts.now());
    return { ...(await this.#readDraft(input, person, credentials)), askedOn };
  }

  async #readDraft(
    input: AccessRequestDraft,
    person: Person,
    credentials: CallerOptions['credentials'],
  ): Promise<ProposalDraft & { reason: string }> {
    const { lifecycle, now } = this.parts;
    if (input.urgent && input.kind !== 'end') {
      throw domainError(
        'bad-operation',
        'urgent is of a request to end a grant alone.',
      );
    }
    const how = { lifecycle, now: now() };
    if (
      input.breakGlass ||
      (input.kind !== 'confirm' && !isOfGrant(input.kind))
    ) {
      const glass = input.breakGlass
        ? glassTerms(input, this.parts.breakGlass, how.now)
        : {};
      const draft = { ...parseDraft(input, person.ref, how), ...glass };
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
    requireWhenLast(input, draft, facts);
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
    const isSecurity =
      securityTeam !== undefined && person.claims.has(securityTeam);
    if (owned.length > 0 && !(draft.change?.urgent && isSecurity)) {
      return {
        draft: onSide(draft, 'caller'),
        ...(draft.change?.urgent && {
          refusal: domainError(
            'not-api-owner',
            'Only owners of the API and the security team say that an end is urgent.',
          ),
        }),
      };
    }
    if (draft.change?.kind === 'end' && isSecurity) {
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
