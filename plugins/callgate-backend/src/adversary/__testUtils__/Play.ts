import {
  apisOfGenerated,
  type DigestContent,
  type RequestSet,
} from '@callgate/policy';
import type { Knex } from 'knex';
import { draftOf } from '../../access/draftOf';
import type { StoredRequest } from '../../database/AccessStore';
import { AdversaryBench } from './AdversaryBench';
import {
  APIS,
  Company,
  groupOf,
  idOf,
  OPERATIONS,
  PEOPLE,
  type Team,
  userOf,
} from './Company';
import { type Effective, effectiveOf, gainedOf } from './effective';
import { Ledger } from './Ledger';
import type { Step, Who } from './Step';

/** Something that must never be. */
export class Violation extends Error {
  readonly name = 'Violation';
}

/** A head of a pull request with the requests that were shown in it. */
interface ShownHead {
  id: string;
  api: string;
  head: string;
  requests: string[];
}

/** How a change of effective access came about, and so what may be gained by it. */
type Cause =
  | { by: 'nothing' }
  | { by: 'hand' }
  | { by: 'estate'; team: Team }
  | { by: 'merge' };

/** Steps after which a page could be taken down. */
const EDITS: ReadonlySet<Step['do']> = new Set([
  ...(['bind', 'provide', 'join-system', 'define', 'relabel'] as const),
  ...(['declare-by-hand', 'manifests-by-hand', 'merge'] as const),
]);

const REFUSED = new Set([
  'ConflictError',
  'InputError',
  'NotAllowedError',
  'NotFoundError',
]);

/**
 * Plays a sequence of steps on the real service and keeps beside it, by the company's own table, who owned what and who said
 * what. After every step it looks at what may never be.
 */
export class Play {
  static async start(client: Knex): Promise<Play> {
    const company = new Company();
    const bench = await AdversaryBench.create(client, company);
    const play = new Play(bench, company);
    await play.#observe({ by: 'nothing' });
    return play;
  }

  /** What happened, for people. */
  readonly log: string[] = [];
  /** How often something came about, to see that sequences get anywhere. */
  readonly counts: Record<string, number> = {};
  readonly #ledger: Ledger;
  readonly #contents = new Map<string, DigestContent>();
  /** The digest that was shown last, by request. */
  readonly #shown = new Map<string, string>();
  readonly #requests: string[] = [];
  /** Who approved a request since it was asked or asked again, with the teams that they spoke for. */
  readonly #approvers = new Map<
    string,
    { by: string; teams: Team[]; digest: string }[]
  >();
  readonly #states = new Map<string, string>();
  readonly #heads = new Map<string, ShownHead>();
  /** Objections that nobody took back, by API. */
  readonly #objections = new Map<string, { by: string; about: string[] }[]>();
  #effective: Effective | undefined;
  #seen = '';

  private constructor(
    readonly bench: AdversaryBench,
    readonly company: Company,
  ) {
    this.#ledger = new Ledger(company);
  }

  close(): void {
    this.bench.close();
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.bench.now += 30_000;
      this.log.push(JSON.stringify(step));
      const cause = await this.#do(step);
      await this.#settle();
      // Nothing else touches what effective access is made of.
      if (cause) await this.#observe(cause);
      if (EDITS.has(step.do)) await this.#readSome();
    }
    await this.#observe({ by: 'nothing' });
    await this.#readAll();
  }

  #count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  async #do(step: Step): Promise<Cause | undefined> {
    switch (step.do) {
      case 'ask':
        return this.#ask(step);
      case 'look':
        await this.#look(this.#request(step.request));
        return undefined;
      case 'approve':
        return this.#approve(step);
      case 'reject':
        return this.#reject(step);
      case 'withdraw':
        return this.#withdraw(step);
      case 'build':
        return this.#build();
      case 'show':
        await this.#show(step.proposal);
        return undefined;
      case 'review':
        return this.#review(step);
      case 'merge':
        return this.#merge(step);
      case 'read-all':
        await this.#readAll();
        return undefined;
      case 'relabel':
        return this.#relabel(step);
      case 'declare-by-hand':
        return this.#declareByHand(step);
      case 'manifests-by-hand':
        return this.#manifestsByHand(step);
      default:
        this.#edit(step);
        this.bench.catalogChanged();
        return undefined;
    }
  }

  // ---- what teams write

  #edit(
    step: Extract<
      Step,
      { do: 'bind' | 'provide' | 'join-system' | 'define' | 'member' }
    >,
  ): void {
    const { components, apis, members } = this.company;
    switch (step.do) {
      case 'bind':
        if (Company.STEADY.includes(step.component)) break;
        components[step.component].annotations = { ...step.annotations };
        break;
      case 'provide':
        components[step.component].provides = [...step.apis];
        break;
      case 'join-system':
        components[step.component].system = step.joins
          ? 'shopfront'
          : undefined;
        break;
      case 'define': {
        const api = apis[step.api];
        api.broken = undefined;
        const [method, path] = OPERATIONS[step.operation];
        if (step.as === 'there')
          api.operations[step.operation] = [method, path];
        if (step.as === 'gone') delete api.operations[step.operation];
        if (step.as === 'renamed')
          api.operations[step.operation] = [method, `/v2${path}`];
        if (step.as === 'elsewhere')
          api.operations[step.operation] = ['delete', '/admin/things'];
        if (step.as === 'broken') {
          const at = Object.keys(OPERATIONS).indexOf(step.operation);
          api.broken = BROKEN[at % BROKEN.length];
        }
        break;
      }
      default:
        if (step.joins) members[step.team].add(step.person);
        else members[step.team].delete(step.person);
    }
  }

  async #relabel({
    workload: at,
    label,
    value,
  }: Extract<Step, { do: 'relabel' }>): Promise<Cause> {
    const { company } = this;
    const workload = company.workloads[at % company.workloads.length];
    // Whoever holds a namespace writes about all of its workloads, and about no others.
    const beside = company.workloads.filter(
      ({ namespace }) => namespace === workload.namespace,
    );
    const other = beside[value % beside.length];
    if (label === 'app') workload.app = other.app;
    if (label === 'account') workload.account = other.account;
    if (label === 'tier') workload.tier = ['api', 'db', 'web'][value % 3];
    if (label === 'owner') {
      workload.owner = [
        undefined,
        groupOf('evil'),
        groupOf('orders'),
        groupOf('web'),
        '???',
      ][value % 5];
    }
    await this.bench.estateChanged();
    return { by: 'estate', team: company.holder(workload) };
  }

  async #declareByHand({
    api,
    caller,
    operation,
  }: Extract<Step, { do: 'declare-by-hand' }>): Promise<Cause> {
    const files = await this.bench.mainFiles();
    const path = `policies/default/${api}.yaml`;
    const start =
      files.get(path) ??
      `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata:
  name: ${api}
  namespace: default
spec:
  owner: ${groupOf(this.company.apis[api].owner)}
  api: api:default/${api}
  mode: enforce
  grants:
`;
    await this.bench.pushToMain({
      [path]: `${start.trimEnd().replace('grants: []', 'grants:')}
    - id: by-hand-${this.log.length}
      caller: ${caller}
      operations:
        - id: ${operation}
`,
    });
    // A declaration opens nothing before a proposal carries it.
    return { by: 'nothing' };
  }

  async #manifestsByHand({
    file: at,
    how,
  }: Extract<Step, { do: 'manifests-by-hand' }>): Promise<Cause | undefined> {
    const files = await this.bench.mainFiles();
    const generated = [...files]
      .filter(([path]) => path.startsWith('clusters/'))
      .sort();
    if (generated.length === 0) return undefined;
    const [path, text] = generated[at % generated.length];
    const next = {
      remove: undefined,
      open: text.replace(/methods:\n(\s*- .*\n)+/, ''),
      'drop-rule': text.replace(/^ {4}- from:\n(?: {6,}.*\n)+/m, ''),
    }[how];
    if (next === text) return undefined;
    await this.bench.pushToMain({ [path]: next });
    this.#count('manifests by hand');
    return { by: 'hand' };
  }

  // ---- requests

  /** Somebody for a team's part; anybody else where the step says so or there is nobody. */
  #person({ as, pick }: Who, right: (Team | undefined)[]): string {
    const { company } = this;
    const teams = right.filter(team => team !== undefined);
    const team = as === 'other-right' ? teams[teams.length - 1] : teams[0];
    const members = team && as !== 'anybody' ? [...company.members[team]] : [];
    return members.length > 0
      ? members[pick % members.length]
      : PEOPLE[pick % PEOPLE.length];
  }

  /** Requests are named from the last one on. */
  #request(at: number): string | undefined {
    const { length } = this.#requests;
    return length === 0
      ? undefined
      : this.#requests[length - 1 - (at % length)];
  }

  async #ask(step: Extract<Step, { do: 'ask' }>): Promise<undefined> {
    const { bench, company } = this;
    const api = `api:default/${step.api}`;
    const owner = {
      caller: company.ownerOfEntity(step.caller),
      api: company.ownerOfEntity(api),
    };
    const person = this.#person(step.who, [owner[step.side]]);
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
    const preview = await this.#tried(() => bench.service.preview(draft, by));
    if (!preview) return undefined;
    const sent = await this.#tried(() =>
      bench.service.createRequest({ ...draft, digest: preview.digest }, by),
    );
    if (!sent) return undefined;
    this.#count('asked');
    if (
      !company.isMember(person, owner.caller) &&
      !company.isMember(person, owner.api)
    ) {
      throw new Violation(`${person} asked, and owns neither side.`);
    }
    this.#requests.push(sent.id);
    this.#approvers.set(sent.id, []);
    this.#states.set(sent.id, 'submitted');
    const stored = await this.#stored(sent.id);
    this.#contents.set(stored.shown.digest, stored.shown.content);
    this.#shown.set(sent.id, stored.shown.digest);
    return undefined;
  }

  async #stored(id: string): Promise<StoredRequest> {
    return (await this.bench.requests.getRequest(id))!;
  }

  /** Shows somebody a request, as its page does. */
  async #look(id: string | undefined): Promise<void> {
    if (!id) return;
    const { bench } = this;
    const stored = await this.#stored(id);
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

  async #approve({
    who,
    request: at,
    looks,
  }: Extract<Step, { do: 'approve' }>): Promise<undefined> {
    const id = this.#request(at);
    if (!id) return undefined;
    if (looks) await this.#look(id);
    const { bench, company } = this;
    const stored = await this.#stored(id);
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
    const person = pick ?? this.#person(who, [owner, ...holders]);
    const answer = await this.#tried(() =>
      bench.service.approveRequest(id, { digest }, bench.as(person)),
    );
    if (!answer) return undefined;
    this.#count('approvals');
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
    this.#ledger.approved({
      request: id,
      api: stored.apiRef,
      digest,
      content,
      by: person,
    });
    this.#requireCallersOwn(stored, content);
    const after = await this.#stored(id);
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
        ? [...this.company.members[owner]].filter(each => !not.includes(each))
        : [];
    return others[pick % others.length];
  }

  /** Teams whose workloads a meaning opens. */
  #holders({ edges }: DigestContent): Team[] {
    const { company } = this;
    const found = edges.flatMap(({ to }) => {
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
    const { company } = this;
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
    const { company } = this;
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
    this.#count('approved');
  }

  async #reject({
    who,
    request: at,
  }: Extract<Step, { do: 'reject' }>): Promise<undefined> {
    const id = this.#request(at);
    if (!id) return undefined;
    const { bench, company } = this;
    const stored = await this.#stored(id);
    const owner = company.ownerOfEntity(stored.apiRef);
    const holders = this.#holders(stored.shown.content);
    const person = this.#person(who, [owner, ...holders]);
    const answer = await this.#tried(() =>
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

  async #withdraw({
    who,
    request: at,
  }: Extract<Step, { do: 'withdraw' }>): Promise<undefined> {
    const id = this.#request(at);
    if (!id) return undefined;
    const { bench, company } = this;
    const stored = await this.#stored(id);
    const owner = company.ownerOfEntity(stored.callerRef);
    const person = this.#person(who, [owner]);
    const answer = await this.#tried(() =>
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

  // ---- pull requests

  async #build(): Promise<Cause> {
    const { bench } = this;
    // What failed before is due again.
    bench.now += 24 * 3_600_000;
    await bench.worker.runOnce();
    await bench.worker.syncOnce();
    return { by: 'nothing' };
  }

  async #proposal(at: number): Promise<string | undefined> {
    const { items } = await this.bench.service.listProposals(
      { limit: 50 },
      this.bench.as('petra'),
    );
    return items.length === 0 ? undefined : items[at % items.length].id;
  }

  /** Shows somebody a pull request, as its page does. */
  async #show(at: number): Promise<ShownHead | undefined> {
    const id = await this.#proposal(at);
    if (!id) return undefined;
    const { bench } = this;
    const page = await bench.service.getProposal(id, bench.as('petra'));
    if (page.head === undefined || page.state !== 'open') return undefined;
    const shown = {
      id,
      api: page.api.ref,
      head: page.head,
      requests: page.requests.map(each => each.id),
    };
    this.#heads.set(id, shown);
    return shown;
  }

  async #headOf(at: number, looks: boolean): Promise<ShownHead | undefined> {
    const id = await this.#proposal(at);
    const known = id === undefined ? undefined : this.#heads.get(id);
    return (!looks && known) || this.#show(at);
  }

  async #review({
    who,
    proposal,
    decision,
    looks,
  }: Extract<Step, { do: 'review' }>): Promise<undefined> {
    const shown = await this.#headOf(proposal, looks);
    if (!shown) return undefined;
    const { bench, company } = this;
    const person = this.#person(who, ['platform']);
    const page = await bench.service.getProposal(shown.id, bench.as(person));
    const objection = page.objections[0];
    const answer = await this.#tried(() =>
      bench.service.reviewProposal(
        shown.id,
        {
          decision,
          head: shown.head,
          comment: 'Look',
          ...(decision === 'withdrawn' && {
            objection: objection?.id ?? 'none',
          }),
        },
        bench.as(person),
      ),
    );
    if (!answer) return undefined;
    if (!company.isMember(person, 'platform')) {
      throw new Violation(`${person} reviewed and is not of the platform.`);
    }
    this.#requireSameHead(shown, page.head, 'reviewed');
    const standing = this.#objections.get(shown.api) ?? [];
    const others = standing.filter(({ by }) => by !== person);
    if (decision === 'approved') this.#objections.set(shown.api, others);
    if (decision === 'changes-requested') {
      this.#count('objections');
      const before = standing.find(({ by }) => by === person)?.about ?? [];
      const about = [...before, ...shown.requests];
      this.#objections.set(shown.api, [...others, { by: person, about }]);
    }
    if (decision === 'withdrawn') {
      this.#objections.set(
        shown.api,
        standing.filter(({ by }) => userOf(by) !== objection?.by.ref),
      );
    }
    return undefined;
  }

  #requireSameHead(
    shown: ShownHead,
    head: string | undefined,
    what: string,
  ): void {
    if (head !== shown.head) {
      throw new Violation(
        `Another head was ${what} than the one that was shown.`,
      );
    }
  }

  async #merge({
    who,
    proposal,
    looks,
  }: Extract<Step, { do: 'merge' }>): Promise<Cause | undefined> {
    const shown = await this.#headOf(proposal, looks);
    if (!shown) return undefined;
    const { bench, company } = this;
    const person = this.#person(who, ['platform']);
    const repository = await bench.connection.repository();
    const branch = `callgate/default/${shown.api.split('/')[1]}`;
    const head = await repository.fetch(branch);
    const before = await bench.mainFiles();
    const merged = await this.#tried(() =>
      bench.service.mergeProposal(
        shown.id,
        { head: shown.head },
        bench.as(person),
      ),
    );
    if (!merged) return { by: 'merge' };
    this.#count('merged');
    if (!company.isMember(person, 'platform')) {
      throw new Violation(`${person} merged and is not of the platform.`);
    }
    this.#requireSameHead(shown, head, 'merged');
    const after = await bench.mainFiles();
    const known = new Set(requestsIn(before));
    const came = requestsIn(after)
      .filter(id => !known.has(id))
      .sort();
    if (came.join() !== [...shown.requests].sort().join()) {
      throw new Violation(`Merged ${came}; shown was ${shown.requests}.`);
    }
    for (const id of came) {
      const { requestedBy } = await this.#stored(id);
      const approvers = this.#approvers.get(id) ?? [];
      if (
        requestedBy === userOf(person) ||
        approvers.some(({ by }) => by === person)
      ) {
        throw new Violation(
          `${person} merged what they asked for or approved.`,
        );
      }
    }
    const standing = (this.#objections.get(shown.api) ?? []).filter(
      ({ about }) => about.some(id => came.includes(id)),
    );
    if (standing.length > 0) {
      throw new Violation(`Merged against the objection of ${standing[0].by}.`);
    }
    this.#requireFilesOfOthers(shown.api, before, after);
    return { by: 'merge' };
  }

  /** A merge takes away no file of another team's API. */
  #requireFilesOfOthers(
    api: string,
    before: ReadonlyMap<string, string>,
    after: ReadonlyMap<string, string>,
  ): void {
    const { company } = this;
    for (const [path, text] of before) {
      if (!path.startsWith('clusters/') || after.has(path)) continue;
      const others = (apisOfGenerated({ path, text }) ?? []).filter(
        each => company.ownerOfEntity(each) !== company.ownerOfEntity(api),
      );
      if (others.length > 0) {
        throw new Violation(
          `The merge for ${api} removed ${path} of ${others}.`,
        );
      }
    }
  }

  // ---- what may never be

  /** Approvals of before count no more once a request asks again. */
  async #settle(): Promise<void> {
    for (const id of this.#requests) {
      const { state } = await this.#stored(id);
      const last = this.#states.get(id);
      if (state !== last) {
        this.#count(`${last} to ${state}`);
        this.#states.set(id, state);
        if (state === 'submitted') this.#approvers.set(id, []);
      }
    }
    const { error } = this.bench.logger as unknown as { error: jest.Mock };
    if (error.mock.calls.length > 0) {
      const [text, cause] = error.mock.calls[0];
      throw new Violation(`${text}: ${(cause as Error)?.stack}`);
    }
  }

  /** Effective access of the target branch, by the evaluator alone: nothing is gained that nobody approved. */
  async #observe(cause: Cause): Promise<void> {
    const snapshot = await this.bench.snapshots.read({ fresh: true });
    const seen = `${snapshot.source.commit} ${this.company.estate()}`;
    if (seen === this.#seen) return;
    this.#seen = seen;
    const [cluster] = snapshot.effectiveClusters;
    const before = this.#effective;
    const after = effectiveOf(cluster);
    this.#effective = after;
    if (!before) return;
    for (const { from, to, gained } of gainedOf(before, after)) {
      const extra = this.#extra(cause, before, { from, to, gained });
      if (!extra.isEmpty) {
        throw new Violation(
          `${from} may call ${to} (${cause.by}), which nobody approved: ${extra.key}`,
        );
      }
    }
  }

  #extra(
    cause: Cause,
    before: Effective,
    { from, to, gained }: { from: string; to: string; gained: RequestSet },
  ): RequestSet {
    const { company } = this;
    const approved = gained.subtract(this.#ledger.allowed(from, to));
    if (cause.by === 'hand') return gained.subtract(gained);
    if (cause.by !== 'estate') return approved;
    const provider = company.workload(to)!;
    if (company.holder(provider) === cause.team) return gained.subtract(gained);
    // Whoever holds a namespace runs what they like under its accounts.
    const caller = company.workload(from);
    if (!caller || company.holder(caller) !== cause.team) return approved;
    return company.workloads
      .filter(({ namespace }) => namespace === caller.namespace)
      .reduce(
        (rest, each) =>
          rest
            .subtract(
              before.get(`${idOf(each)} ${to}`) ?? gained.subtract(gained),
            )
            .subtract(this.#ledger.allowed(idOf(each), to)),
        approved,
      );
  }

  /** Pages open, whatever anybody wrote. */
  async #readSome(): Promise<void> {
    const { log } = this;
    const person = PEOPLE[log.length % PEOPLE.length];
    await this.#readApi(APIS[log.length % APIS.length], person);
    const callers = Object.keys(this.company.components);
    await this.#readCaller(callers[log.length % callers.length], person);
  }

  async #readApi(name: string, person: string): Promise<void> {
    const { service } = this.bench;
    const by = this.bench.as(person);
    const ref = `api:default/${name}`;
    await this.#shows(`the API ${name}`, () => service.getApiAccess(ref, by));
  }

  async #readCaller(name: string, person: string): Promise<void> {
    const { kind } = this.company.components[name];
    const ref = `${kind.toLowerCase()}:default/${name}`;
    await this.#shows(`the caller ${name}`, () =>
      this.bench.service.getCallerAccess(ref, this.bench.as(person)),
    );
  }

  async #readAll(): Promise<void> {
    const { service } = this.bench;
    const by = this.bench.as('priya');
    for (const name of APIS) await this.#readApi(name, 'priya');
    for (const name of ['checkout', 'views', 'shopfront']) {
      await this.#readCaller(name, 'priya');
    }
    await this.#shows('the inbox', () =>
      service.listRequests({ tab: 'waiting', sort: 'risk', limit: 20 }, by),
    );
    for (const id of this.#requests) {
      await this.#shows(`request ${id}`, () => service.getRequest(id, by));
    }
    const { items } = await this.#shows('proposals', () =>
      service.listProposals({ limit: 20 }, by),
    );
    for (const { id } of items) {
      await this.#shows(`proposal ${id}`, () => service.getProposal(id, by));
    }
  }

  async #shows<T>(what: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw new Violation(
        `The page of ${what} fails: ${(error as Error).stack}`,
      );
    }
  }

  /** A write that is refused in words is as good as one that is done; anything else is a fault. */
  async #tried<T>(write: () => Promise<T>): Promise<T | undefined> {
    try {
      return await write();
    } catch (error) {
      const { name, message, stack, code } = error as Error & { code?: string };
      if (!REFUSED.has(name)) throw new Violation(`A write fails: ${stack}`);
      this.log.push(`  refused: ${code ?? name}: ${message}`);
      this.#count(`refused: ${code ?? name}`);
      return undefined;
    }
  }
}

const BROKEN = [
  JSON.stringify({ openapi: '3.0.3', paths: { '/things': { $ref: '#/%zz' } } }),
  'openapi: {toString: 1}',
  '[',
  'openapi: 3.0.3\npaths: &a { /x: *a }',
];

const personOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1);

/** Ids of requests that the declarations of a branch name. */
function requestsIn(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, text]) =>
    path.startsWith('policies/')
      ? [...text.matchAll(/^ +request: ['"]?(\w+)['"]?$/gm)].map(([, id]) => id)
      : [],
  );
}
