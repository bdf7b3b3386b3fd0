import type { DigestContent } from '@callgate/policy';
import { draftOf } from '../../access/draftOf';
import type { StoredRequest } from '../../database/AccessStore';
import { type Team, userOf } from './Company';
import type { Ledger } from './Ledger';
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
  readonly #approvers = new Map<
    string,
    { by: string; teams: Team[]; digest: string }[]
  >();
  readonly #states = new Map<string, string>();

  constructor(private readonly stage: Stage, private readonly ledger: Ledger) {}

  /** Whose approvals of a request count. */
  approversOf(id: string): string[] {
    return (this.#approvers.get(id) ?? []).map(({ by }) => by);
  }

  /** Requests are named from the last one on. */
  #request(at: number): string | undefined {
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
      ...(outside && {
        acknowledges: ['identity-not-enforced', 'method-not-enforced'],
      }),
    };
    const by = bench.as(person);
    const preview = await this.stage.tried(() =>
      bench.service.preview(draft, by),
    );
    if (!preview) return undefined;
    const sent = await this.stage.tried(() =>
      bench.service.createRequest({ ...draft, digest: preview.digest }, by),
    );
    if (!sent) return undefined;
    this.stage.count('asked');
    if (
      !company.isMember(person, owner.caller) &&
      !company.isMember(person, owner.api)
    ) {
      throw new Violation(`${person} asked, and owns neither side.`);
    }
    this.ids.push(sent.id);
    this.#approvers.set(sent.id, []);
    this.#states.set(sent.id, 'submitted');
    const stored = await this.stored(sent.id);
    this.#contents.set(stored.shown.digest, stored.shown.content);
    this.#shown.set(sent.id, stored.shown.digest);
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
      ...(step.kind === 'end' && { whenLast: step.whenLast }),
    };
    const by = bench.as(person);
    const preview = await this.stage.tried(() =>
      bench.service.preview(draft, by),
    );
    if (!preview) return undefined;
    const sent = await this.stage.tried(() =>
      bench.service.createRequest({ ...draft, digest: preview.digest }, by),
    );
    if (!sent) return undefined;
    this.stage.count(`asked to ${step.kind}`);
    if (
      !company.isMember(person, owner.caller) &&
      !company.isMember(person, owner.api)
    ) {
      throw new Violation(`${person} asked, and owns neither side.`);
    }
    this.ids.push(sent.id);
    this.#approvers.set(sent.id, []);
    this.#states.set(sent.id, sent.state);
    const { shown } = await this.stored(sent.id);
    this.#contents.set(shown.digest, shown.content);
    this.#shown.set(sent.id, shown.digest);
    const { edges, opened = [], flips, plumbing } = shown.content;
    const adds = [edges, opened, flips, plumbing].some(
      ({ length }) => length > 0,
    );
    if (sent.state !== 'submitted') {
      this.stage.count(`${step.kind} without approval`);
      if (adds)
        throw new Violation(`${sent.id} opens something, and nobody approved.`);
    }
    return undefined;
  }

  /** Shows somebody a request, as its page does. */
  async look(at: number): Promise<void> {
    const id = this.#request(at);
    if (!id) return;
    const { bench } = this.stage;
    const stored = await this.stored(id);
    const page = await bench.service.getRequest(
      id,
      bench.as(personOf(stored.requestedBy)),
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
    const id = this.#request(at);
    if (!id) return undefined;
    if (looks) await this.look(at);
    const { bench, company } = this.stage;
    const stored = await this.stored(id);
    const digest = this.#shown.get(id)!;
    const content = this.#contents.get(digest)!;
    const owner = company.ownerOfEntity(stored.apiRef);
    const holders = this.#holders(content);
    const approvers = this.#approvers.get(id)!;
    // Whoever decides honestly has not asked, and has not said it yet.
    const pick = this.#nextOf(who, owner, [
      personOf(stored.requestedBy),
      ...approvers.map(({ by }) => by),
    ]);
    const person = pick ?? this.stage.person(who, [owner, ...holders]);
    const answer = await this.stage.tried(() =>
      bench.service.approveRequest(id, { digest }, bench.as(person)),
    );
    if (!answer) return undefined;
    this.stage.count('approvals');
    if (userOf(person) === stored.requestedBy) {
      throw new Violation(`${person} approved their own request.`);
    }
    const teams = [owner, ...holders].filter((team): team is Team =>
      company.isMember(person, team),
    );
    if (teams.length === 0) {
      throw new Violation(
        `${person} approved ${stored.apiRef}, and owns neither it nor what it runs on.`,
      );
    }
    approvers.push({ by: person, teams, digest });
    this.ledger.approved({
      request: id,
      api: stored.apiRef,
      digest,
      content,
      by: person,
    });
    this.#requireCallersOwn(stored, content);
    const after = await this.stored(id);
    if (after.state !== 'submitted') this.#requireAll(after, content, digest);
    this.#states.set(id, after.state);
    return undefined;
  }

  #nextOf(
    { as, pick }: Who,
    owner: Team | undefined,
    not: string[],
  ): string | undefined {
    const others =
      as === 'right' && owner
        ? [...this.stage.company.members[owner]].filter(
            each => !not.includes(each),
          )
        : [];
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
      .filter(each => each.digest === digest);
    const owner = company.ownerOfEntity(request.apiRef);
    for (const team of [owner, ...this.#holders(content)]) {
      if (team && !given.some(({ teams }) => teams.includes(team))) {
        throw new Violation(
          `Nobody of ${team} approved ${request.apiRef}: ${digest}.`,
        );
      }
    }
    if (
      content.edges.some(({ to }) => !company.ownerOf(company.workload(to)!))
    ) {
      throw new Violation(`${request.apiRef} opens what is nobody's.`);
    }
    const needed = request.apiRef === 'api:default/billing' ? 2 : 1;
    if (new Set(given.map(({ by }) => by)).size < needed) {
      throw new Violation(
        `${request.apiRef} was approved by fewer than ${needed}.`,
      );
    }
    this.stage.count('approved');
  }

  async reject({
    who,
    request: at,
  }: Extract<Step, { do: 'reject' }>): Promise<undefined> {
    const id = this.#request(at);
    if (!id) return undefined;
    const { bench, company } = this.stage;
    const stored = await this.stored(id);
    const owner = company.ownerOfEntity(stored.apiRef);
    const holders = this.#holders(stored.shown.content);
    const person = this.stage.person(who, [owner, ...holders]);
    const answer = await this.stage.tried(() =>
      bench.service.rejectRequest(id, { reason: 'No' }, bench.as(person)),
    );
    if (
      answer &&
      (userOf(person) === stored.requestedBy ||
        ![owner, ...holders].some(team => company.isMember(person, team)))
    ) {
      throw new Violation(`${person} rejected ${stored.apiRef}.`);
    }
    return undefined;
  }

  async withdraw({
    who,
    request: at,
  }: Extract<Step, { do: 'withdraw' }>): Promise<undefined> {
    const id = this.#request(at);
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
      !company.isMember(person, owner)
    ) {
      throw new Violation(`${person} withdrew the request of somebody else.`);
    }
    return undefined;
  }

  /** Approvals of before count no more once a request asks again. */
  async settle(): Promise<void> {
    for (const id of this.ids) {
      const { state } = await this.stored(id);
      const last = this.#states.get(id);
      if (state !== last) {
        this.stage.count(`${last} to ${state}`);
        this.#states.set(id, state);
        if (state === 'submitted') this.#approvers.set(id, []);
      }
    }
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
