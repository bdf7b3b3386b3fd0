import type { DigestContent } from '@callgate/policy';
import type {
  AccessRequestDraft,
  NewAccessRequest,
} from '@callgate/plugin-callgate-common';
import { draftOf } from '../../access/draftOf';
import type { StoredRequest } from '../../database/AccessStore';
import { type ApprovalRules, fills, type Seats } from './ApprovalRules';
import { type Team, userOf } from './Company';
import type { Glass } from './Glass';
import type { Ledger } from './Ledger';
import type { Records } from './Records';
import { type Stage, Violation } from './Stage';
import type { Step, Who } from './Step';

const personOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1);

/** Asking and deciding, with who said what to which meaning. */
export class Requests {
  /** Ids, oldest first. */
  readonly ids: string[] = [];
  readonly #contents = new Map<string, DigestContent>();
  /** The digest that was shown last, by request. */
  readonly #shown = new Map<string, string>();
  /** Who approved a request since it was asked or asked again, with the teams that they spoke for. */
  readonly #approvers = new Map<string, { by: string; digest: string }[]>();
  readonly #states = new Map<string, string>();

  /** The meaning that a request was approved with; `rule`: nobody was asked, because of a rule. */
  readonly #approvedAs = new Map<string, { digest: string; rule: boolean }>();

  constructor(
    private readonly stage: Stage,
    private readonly ledger: Ledger,
    private readonly rules: ApprovalRules,
    private readonly records: Records,
    private readonly glass: Glass,
  ) {}

  /** Whose approvals of a request count. */
  approversOf(id: string): string[] {
    return (this.#approvers.get(id) ?? []).map(({ by }) => by);
  }

  /** Requests are named from the last one on. */
  idOf(at: number): string | undefined {
    const { length } = this.ids;
    return length === 0 ? undefined : this.ids[length - 1 - (at % length)];
  }

  async ask(step: Extract<Step, { do: 'ask' }>): Promise<undefined> {
    const { bench, company } = this.stage;
    const api = `api:default/${step.api}`;
    const owner = {
      caller: company.ownerOfEntity(step.caller),
      api: company.ownerOfEntity(api),
    };
    const person = this.stage.person(step.who, [owner[step.side]]);
    const outside = step.caller.endsWith('/dock');
    const draft = {
      api,
      caller: step.caller,
      operations: step.operations.map(id =>
        id === 'port' ? { tcp: { port: 80 } } : { id },
      ),
      reason: 'It is needed',
      ...(step.days !== undefined && { until: bench.dayIn(step.days) }),
      ...(step.glass && { breakGlass: true }),
      ...(outside && {
        acknowledges: ['identity-not-enforced', 'method-not-enforced'],
      }),
    };
    await this.send(draft, person, 'asked');
    return undefined;
  }

  /** Somebody asks to end or change a grant that is declared. */
  async askOfGrant(
    step: Extract<Step, { do: 'of-grant' }>,
  ): Promise<undefined> {
    const { bench, company } = this.stage;
    const { policies } = await bench.snapshots.read({ fresh: true });
    const grants = policies.flatMap(({ policy }) =>
      (policy?.spec.grants ?? []).map(grant => ({
        api: policy!.spec.api,
        grant,
      })),
    );
    if (grants.length === 0) return undefined;
    const { api, grant } = grants[step.grant % grants.length];
    const owner = {
      caller: company.ownerOfEntity(grant.caller),
      api: company.ownerOfEntity(api),
    };
    const person = this.stage.person(step.who, [owner[step.side]]);
    const draft = {
      kind: step.kind,
      api,
      grant: grant.id,
      caller: '',
      operations: step.operations.map(id =>
        id === 'port' ? { tcp: { port: 80 } } : { id },
      ),
      reason: 'Not any more',
      ...(step.kind === 'end' && {
        whenLast: step.whenLast,
        ...(step.urgent && { urgent: true }),
      }),
      ...(step.kind !== 'end' &&
        step.days !== undefined && { until: bench.dayIn(step.days) }),
    };
    await this.send(draft, person, `asked to ${step.kind}`);
    return undefined;
  }

  /** Looks at what a draft means and sends it. */
  async send(
    draft: AccessRequestDraft,
    person: string,
    what: string,
  ): Promise<void> {
    const { bench } = this.stage;
    const by = bench.as(person);
    const preview = await this.stage.tried(() =>
      bench.service.preview(draft, by),
    );
    if (!preview) return;
    const sent = await this.stage.tried(() =>
      bench.service.createRequest(
        { ...draft, digest: preview.digest } as NewAccessRequest,
        by,
      ),
    );
    if (!sent) return;
    this.stage.count(what);
    await this.found(sent.id, person);
  }

  /** Takes note of what somebody has sent. */
  async found(id: string, person: string): Promise<void> {
    const { company } = this.stage;
    const stored = await this.stored(id);
    if (this.ids.includes(id)) throw new Violation(`${id} was sent twice.`);
    const owners = [stored.callerRef, stored.apiRef].map(ref =>
      company.ownerOfEntity(ref),
    );
    if (!owners.some(owner => company.asksFor(person, owner)))
      throw new Violation(`${person} asked, and owns neither side.`);
    this.#requireNotice(stored);
    this.#add(stored, person);
  }

  /** An end that nobody approves waits as long as the company says, unless the API's side says that it cannot. */
  #requireNotice({
    draft: { change },
    state,
    ...request
  }: StoredRequest): void {
    const { bench, company } = this.stage;
    const { notice } = bench.lifecycle;
    if (change?.kind !== 'end' || state === 'submitted' || notice === 0) return;
    this.stage.count(change.held ? 'ends with notice' : 'ends at once');
    if (change.held) {
      this.#heldUntil.set(request.id, change.proposeOn ?? '');
      return;
    }
    const isApis = company.asksFor(
      personOf(request.requestedBy),
      company.ownerOfEntity(request.apiRef),
    );
    if (change.urgent && !isApis && request.requestedBy.startsWith('user:'))
      throw new Violation(
        `${request.id} is urgent for ${request.requestedBy}.`,
      );
  }

  /** Days on which ends with notice are proposed, as was said when they were sent. */
  readonly #heldUntil = new Map<string, string>();

  #add(request: StoredRequest, person?: string): void {
    const { id, shown, state } = request;
    this.ids.push(id);
    this.#approvers.set(id, []);
    this.#states.set(id, state);
    this.#contents.set(shown.digest, shown.content);
    this.#shown.set(id, shown.digest);
    this.records.asks(request);
    if (request.breakGlass) {
      this.glass.sent(request, person ?? 'nobody');
      this.#approvedAs.set(id, { digest: shown.digest, rule: false });
    } else if (state !== 'submitted') this.#requireNobody(request);
  }

  /** What Callgate asks by itself is looked at and decided like everything else. */
  async findOthers(): Promise<StoredRequest[]> {
    const found: StoredRequest[] = [];
    const rows: { id: string }[] = await this.stage.bench
      .client('access_requests')
      .orderBy('number');
    for (const { id } of rows) {
      if (this.ids.includes(id)) continue;
      this.stage.count('asked by Callgate');
      const request = await this.stored(id);
      found.push(request);
      this.#add(request);
    }
    return found;
  }

  /** Its requester has changed what a request asks for: what was said before counts no more. */
  async revised(id: string, digest: string): Promise<void> {
    const request = await this.stored(id);
    const { shown, state } = request;
    if (shown.digest !== digest)
      throw new Violation(`${id} asks for another meaning than was shown.`);
    this.#approvers.set(id, []);
    this.#approvedAs.delete(id);
    this.ledger.forget(id);
    this.#contents.set(digest, shown.content);
    this.#shown.set(id, digest);
    this.#states.set(id, state);
    this.records.asks(request);
    const kept = (await this.stage.bench.requests.approvals([id])).filter(
      ({ ended, by }) => !ended && by.startsWith('user:'),
    );
    if (kept.length > 0)
      throw new Violation(`${id} was changed and keeps ${kept[0].by}.`);
    if (state !== 'submitted') this.#requireNobody(request);
  }

  /** What goes on though nobody was asked takes away alone, or a rule says so. */
  #requireNobody(request: StoredRequest): void {
    const { id, draft, shown } = request;
    const { content, digest } = shown;
    const { edges, opened = [], flips, plumbing } = content;
    const adds =
      !draft.change ||
      draft.change.kind === 'renew' ||
      [edges, opened, flips, plumbing].some(({ length }) => length > 0);
    const what = draft.change?.kind ?? 'new';
    this.#approvedAs.set(id, { digest, rule: adds });
    if (!adds) {
      this.stage.count(`${what} without approval`);
      return;
    }
    const refusal = this.rules.refusal(request, content, this.stage.company);
    if (refusal !== undefined)
      throw new Violation(`${id} was approved by nobody, and ${refusal}.`);
    this.ledger.approvedByRule(content);
    this.stage.count(`${what} by a rule`);
  }

  /** What is merged was approved as what it means, and where nobody was asked, the rule holds still. */
  async requireMergeable(id: string): Promise<void> {
    const request = await this.stored(id);
    const approved = this.#approvedAs.get(id);
    if (this.glass.of(id)) this.glass.requireMergeable(id);
    const day = this.#heldUntil.get(id);
    const { now } = this.stage.bench;
    if (day !== undefined && new Date(now).toISOString().slice(0, 10) < day)
      throw new Violation(`${id} was merged before its notice was over.`);
    if (!approved) throw new Violation(`${id} was merged and never approved.`);
    if (approved.digest !== request.shown.digest)
      throw new Violation(
        `${id} was approved as ${approved.digest}, and merged as ${request.shown.digest}.`,
      );
    if (!approved.rule) return;
    const refusal = this.rules.refusal(
      request,
      request.shown.content,
      this.stage.company,
    );
    if (refusal !== undefined)
      throw new Violation(`${id} was merged by a rule, and ${refusal}.`);
    this.stage.count('merged by a rule');
  }

  /** The meaning that was shown last. */
  shownOf(id: string): string {
    return this.#shown.get(id)!;
  }

  /** Teams of whom somebody may decide on a request. */
  decidersOf(request: StoredRequest): Team[] {
    return [
      ...this.rules.seats(request).map(({ team }) => team),
      ...this.#holders(request.shown.content),
    ];
  }

  /** Shows somebody a request, as its page does. */
  async look(at: number): Promise<void> {
    const id = this.idOf(at);
    if (!id) return;
    const { bench } = this.stage;
    const stored = await this.stored(id);
    const page = await bench.service.getRequest(
      id,
      bench.as(
        stored.requestedBy.startsWith('user:')
          ? personOf(stored.requestedBy)
          : 'petra',
      ),
    );
    const { meaning } = await bench.planner.preview(
      await bench.snapshots.read(),
      draftOf(stored),
    );
    this.#contents.set(meaning.digest, meaning.content);
    const digest = page.currentDigest ?? page.digest;
    if (this.#contents.has(digest)) this.#shown.set(id, digest);
  }

  async approve({
    who,
    request: at,
    looks,
  }: Extract<Step, { do: 'approve' }>): Promise<undefined> {
    const id = this.idOf(at);
    if (!id) return undefined;
    if (looks) await this.look(at);
    const { bench } = this.stage;
    const stored = await this.stored(id);
    const digest = this.#shown.get(id)!;
    const content = this.#contents.get(digest)!;
    const teams = [
      ...this.rules.seats(stored).map(({ team }) => team),
      ...this.#holders(content),
    ];
    // Whoever decides honestly has not asked, and has not said it yet.
    const pick = this.#nextOf(who, teams, [
      personOf(stored.requestedBy),
      ...this.approversOf(id),
    ]);
    const person = pick ?? this.stage.person(who, teams);
    const answer = await this.stage.tried(() =>
      bench.service.approveRequest(id, { digest }, bench.as(person)),
    );
    if (!answer) return undefined;
    await this.approved(id, person, digest);
    await this.requireApproved(id);
    return undefined;
  }

  /** Takes note that somebody has approved a meaning of a request. */
  async approved(id: string, person: string, digest: string): Promise<void> {
    const { company } = this.stage;
    const stored = await this.stored(id);
    const content = this.#contents.get(digest)!;
    this.stage.count('approvals');
    if (company.isAsker(person, stored.requestedBy))
      throw new Violation(`${person} approved their own request.`);
    const teams = [
      ...this.rules.seats(stored).map(({ team }) => team),
      ...this.#holders(content),
    ];
    if (!teams.some(team => company.isMember(person, team)))
      throw new Violation(
        `${person} approved ${stored.apiRef}, and owns neither it nor what it runs on.`,
      );
    this.#approvers.get(id)!.push({ by: person, digest });
    if (this.glass.of(id)) {
      this.glass.decided(id, 'yes', digest);
      return;
    }
    this.ledger.approved({
      request: id,
      api: stored.apiRef,
      digest,
      content,
      by: person,
    });
    this.#requireCallersOwn(stored, content);
  }

  /** A request that went on by an approval has every one that it takes. */
  async requireApproved(id: string): Promise<void> {
    const { state, shown, ...rest } = await this.stored(id);
    if (this.#states.get(id) !== 'submitted' || state !== 'approved') return;
    this.#requireAll({ state, shown, ...rest }, shown.content, shown.digest);
    this.#approvedAs.set(id, { digest: shown.digest, rule: false });
    this.#states.set(id, state);
  }

  #nextOf(
    { as, pick }: Who,
    teams: readonly Team[],
    not: string[],
  ): string | undefined {
    if (as !== 'right') return undefined;
    const others = teams.flatMap(team =>
      [...this.stage.company.members[team]].filter(each => !not.includes(each)),
    );
    return others[pick % others.length];
  }

  /** Teams whose workloads a meaning opens. */
  #holders({ edges, opened = [] }: DigestContent): Team[] {
    const { company } = this.stage;
    const ends = [
      ...edges.map(({ to }) => to),
      ...opened.map(({ workload }) => workload),
    ];
    const found = ends.flatMap(to => {
      const workload = company.workload(to);
      return (workload && company.ownerOf(workload)) ?? [];
    });
    return [...new Set(found)];
  }

  /** What counts as a caller's workloads belongs to the owner of the caller. */
  #requireCallersOwn(
    { callerRef }: StoredRequest,
    { edges }: DigestContent,
  ): void {
    const { company } = this.stage;
    for (const { from, caller } of edges) {
      const workload = company.workload(from);
      if (!workload || caller !== callerRef || caller.startsWith('system:'))
        continue;
      const team = company.ownerOf(workload);
      if (team !== company.ownerOfEntity(caller)) {
        throw new Violation(`${from} of ${team} was approved as ${caller}.`);
      }
    }
  }

  /** A request that goes on has been approved by everybody whose approval it takes. */
  #requireAll(
    request: StoredRequest,
    content: DigestContent,
    digest: string,
  ): void {
    const { company } = this.stage;
    const given = this.#approvers
      .get(request.id)!
      .filter(each => each.digest === digest)
      .map(({ by }) => by)
      .filter(by => !company.isAsker(by, request.requestedBy));
    const seats = onlyEnds(request, content)
      ? this.rules.seats(request).map(seat => ({ ...seat, count: 1 }))
      : this.rules.seats(request);
    const others = this.#holders(content).filter(
      team => team !== company.ownerOfEntity(request.apiRef),
    );
    const all: Seats[] = [
      ...seats,
      ...others.map(team => ({ team, count: 1 })),
    ];
    // By who belongs to whom now: whoever left meanwhile does not count.
    if (!fills(all, given, (person, team) => company.isMember(person, team)))
      throw new Violation(
        `${request.apiRef} was approved by ${given}, and needs ${JSON.stringify(
          all,
        )}: ${digest}.`,
      );
    if (
      content.edges.some(({ to }) => !company.ownerOf(company.workload(to)!))
    ) {
      throw new Violation(`${request.apiRef} opens what is nobody's.`);
    }
    this.stage.count('approved');
  }

  async reject({
    who,
    request: at,
  }: Extract<Step, { do: 'reject' }>): Promise<undefined> {
    const id = this.idOf(at);
    if (!id) return undefined;
    const { bench, company } = this.stage;
    const stored = await this.stored(id);
    const teams = this.decidersOf(stored);
    const person = this.stage.person(who, teams);
    const answer = await this.stage.tried(() =>
      bench.service.rejectRequest(id, { reason: 'No' }, bench.as(person)),
    );
    if (
      answer &&
      (company.isAsker(person, stored.requestedBy) ||
        !teams.some(team => company.isMember(person, team)))
    ) {
      throw new Violation(`${person} rejected ${stored.apiRef}.`);
    }
    if (answer) this.rejected(stored);
    return undefined;
  }

  /** Takes note of a no. */
  rejected(request: StoredRequest): void {
    if (this.glass.of(request.id)) this.glass.decided(request.id, 'no');
    else this.glass.refused(request);
  }

  async withdraw({
    who,
    request: at,
  }: Extract<Step, { do: 'withdraw' }>): Promise<undefined> {
    const id = this.idOf(at);
    if (!id) return undefined;
    const { bench, company } = this.stage;
    const stored = await this.stored(id);
    // What the API's side asks of a grant, the caller's side cannot stop.
    const owner = company.ownerOfEntity(
      stored.draft.change?.side === 'api' ? stored.apiRef : stored.callerRef,
    );
    const person = this.stage.person(who, [owner]);
    const answer = await this.stage.tried(() =>
      bench.service.withdrawRequest(id, {}, bench.as(person)),
    );
    if (
      answer &&
      userOf(person) !== stored.requestedBy &&
      !company.asksFor(person, owner)
    ) {
      throw new Violation(`${person} withdrew the request of somebody else.`);
    }
    return undefined;
  }

  /** Approvals of before count no more once a request asks again. */
  async settle(): Promise<void> {
    for (const id of this.ids) {
      const request = await this.stored(id);
      const { state } = request;
      await this.records.requireTold(request);
      this.glass.settle(request);
      const last = this.#states.get(id);
      if (state !== last) {
        this.stage.count(`${last} to ${state}`);
        this.#states.set(id, state);
        if (state === 'submitted') {
          this.#approvers.set(id, []);
          this.#approvedAs.delete(id);
        }
      }
    }
    await this.records.requireOneEach();
    const { error } = this.stage.bench.logger as unknown as {
      error: jest.Mock;
    };
    if (error.mock.calls.length > 0) {
      const [text, cause] = error.mock.calls[0];
      throw new Violation(`${text}: ${(cause as Error)?.stack}`);
    }
  }

  async stored(id: string): Promise<StoredRequest> {
    return (await this.stage.bench.requests.getRequest(id))!;
  }
}

/** Rules are about what is opened. An end that takes from its caller alone needs nobody, and where it changed an owner who has seen that. */
function onlyEnds(
  { callerRef, draft }: StoredRequest,
  { edges, flips, gaps, opened = [], removed }: DigestContent,
): boolean {
  return (
    draft.change?.kind === 'end' &&
    [edges, flips, gaps, opened].every(({ length }) => length === 0) &&
    removed.every(({ caller }) => caller === callerRef)
  );
}
