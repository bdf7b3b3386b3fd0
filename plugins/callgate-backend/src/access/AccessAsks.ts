import type {
  AccessRequest,
  AccessRequestDraft,
  NewAccessRequest,
  Preview,
} from '@callgate/plugin-callgate-common';
import { tallyOf } from '../approval';
import type { StoredRequest } from '../database/AccessStore';
import type { Person } from '../ownership';
import type { ProposalDraft, ProposalPreview } from '../proposals/types';
import type { CallerOptions, WriteOptions } from './AccessService';
import type { AccessViews } from './AccessViews';
import type { Decisions } from './Decisions';
import { domainError } from './domainError';
import { parseDraft } from './parseDraft';
import { replayOf } from './Replays';
import type { RequestViews } from './RequestViews';
import { requireSendable } from './requireSendable';
import type { ServiceParts } from './ServiceParts';
import { blockerOf } from './views/blockers';
import { toFinding } from './views/findings';
import { toMeaning } from './views/meaning';
import { contractOf, grantedOperations } from './views/operations';
import { toFiles } from './views/proposals';
import { shortageText, toDeciders, toNeeds } from './views/needs';
import { riskNumber } from './views/requests';
import { anyHidden, callersIn, tellFiles } from './views/unseen';

/** Asking for access: what it would mean, and sending it. */
export class AccessAsks {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
    private readonly views: RequestViews,
    private readonly decisions: Decisions,
  ) {}

  async preview(
    input: AccessRequestDraft,
    { credentials, signal }: CallerOptions,
  ): Promise<Preview> {
    const { ownership, desk, labels } = this.parts;
    const person = await ownership.person(credentials);
    const draft = parseDraft(input, person.ref);
    await this.access.requireVisible([draft.api, draft.caller], credentials);
    const [preview, refusal] = await Promise.all([
      desk.preview(draft, { kind: 'preview', by: person.ref, signal }),
      this.#mayAsk(person, draft),
    ]);
    const staffed = await this.decisions.staff(preview.needs, person.ref);
    const facts = await this.access.facts();
    const contract = contractOf(facts.entity(draft.api), draft.api);
    const discretion = await this.access.discretion(facts, credentials);
    const refused = refusal?.message ?? blockerOf(preview, discretion);
    const named = callersIn(preview.meaning, []);
    return labels.label(credentials, labelOf => {
      const secret =
        anyHidden(named, labelOf) || discretion.hidesCallersOf(draft.api);
      const reason = refused ?? shortageText(staffed, labelOf);
      return {
        digest: preview.meaning.digest,
        meaning: toMeaning(preview.meaning, contract, labelOf, discretion),
        files: tellFiles(toFiles(preview.files), secret, discretion),
        findings: preview.findings.map(found => toFinding(found, discretion)),
        deciders: toDeciders(staffed, labelOf),
        needs: toNeeds(tallyOf(staffed, [], ''), labelOf),
        send:
          reason === undefined ? { allowed: true } : { allowed: false, reason },
        acknowledgeable: [...preview.acknowledgeable],
        ...(preview.source.commit && { tip: preview.source.commit }),
      };
    });
  }

  async create(
    input: NewAccessRequest,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { ownership, desk, requests, notifier, labels } = this.parts;
    const { credentials } = options;
    const person = await ownership.person(credentials);
    const draft = parseDraft(input, person.ref);
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
    if (draft.reason === '') {
      throw domainError(
        'reason-missing',
        'reason is missing: say what the access is for. The owner decides on it.',
      );
    }
    await this.access.requireVisible([draft.api, draft.caller], credentials);
    const refusal = await this.#mayAsk(person, draft);
    if (refusal) {
      throw refusal;
    }
    const preview = await desk.preview(
      draft,
      { kind: 'decision', by: person.ref },
      { fresh: true },
    );
    const staffed = await this.decisions.staff(preview.needs, person.ref);
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
    if (preview.meaning.digest !== input.digest) {
      throw domainError(
        'meaning-changed',
        'What this opens has changed since it was shown. Look at it again and send it then.',
      );
    }
    const request = await this.#store(
      { draft, preview, person, input },
      idempotency,
    );
    await notifier.submitted(request, staffed);
    return this.views.request(request, credentials, { preview });
  }

  async #store(
    asked: {
      draft: ProposalDraft & { reason: string };
      preview: ProposalPreview;
      person: Person;
      input: NewAccessRequest;
    },
    idempotency: Parameters<ServiceParts['requests']['createRequest']>[1],
  ): Promise<StoredRequest> {
    const { draft, preview, person, input } = asked;
    const { ownership, requests } = this.parts;
    const facts = await this.access.facts();
    const contract = contractOf(facts.entity(draft.api), draft.api);
    const [apiOwners, callerOwners] = await Promise.all([
      ownership.ownersOf(draft.api),
      ownership.ownersOf(draft.caller),
    ]);
    return requests.createRequest(
      {
        apiRef: draft.api,
        callerRef: draft.caller,
        draft: {
          operations: [...draft.operations],
          in: [...draft.in],
          reason: draft.reason,
          acknowledges: [...draft.acknowledges],
        },
        requestedBy: person.ref,
        shown: preview.meaning,
        needs: preview.needs,
        risk: riskNumber(
          grantedOperations(input.operations, contract),
          preview.meaning,
        ),
        parties: [
          { role: 'requester', ref: person.ref },
          ...apiOwners.map(ref => ({ role: 'api-owner' as const, ref })),
          ...callerOwners.map(ref => ({ role: 'caller-owner' as const, ref })),
        ],
      },
      idempotency,
    );
  }

  /** The requester owns the caller, or owns the API and grants unasked. */
  async #mayAsk(
    person: Person,
    draft: ProposalDraft,
  ): Promise<Error | undefined> {
    const owned = await this.parts.ownership.owned(person, [
      draft.caller,
      draft.api,
    ]);
    return owned.length > 0
      ? undefined
      : domainError(
          'not-caller-owner',
          `You own neither ${draft.caller} nor ${draft.api}. Ask an owner of the caller to send this request.`,
        );
  }
}
