import { apisOfGenerated } from '@callgate/policy';
import { declaredIn } from './Clock';
import { userOf } from './Company';
import type { Glass } from './Glass';
import type { Requests } from './Requests';
import { type Cause, type Stage, Violation } from './Stage';
import type { Step } from './Step';

/** A head of a pull request with the requests that were shown in it. */
interface ShownHead {
  id: string;
  api: string;
  head: string;
  requests: string[];
}

/** Building, reviewing and merging, with what was shown to whom. */
export class PullRequests {
  readonly #heads = new Map<string, ShownHead>();
  /** Objections that nobody took back, by API. */
  readonly #objections = new Map<string, { by: string; about: string[] }[]>();

  constructor(
    private readonly stage: Stage,
    private readonly requests: Requests,
    private readonly glass: Glass,
  ) {}

  async build(): Promise<Cause> {
    const { bench } = this.stage;
    // What failed before is due again.
    bench.now += 24 * 3_600_000;
    await bench.worker.runOnce();
    await bench.worker.syncOnce();
    return { by: 'nothing' };
  }

  async #proposal(at: number): Promise<string | undefined> {
    const { items } = await this.stage.bench.service.listProposals(
      { limit: 50 },
      this.stage.bench.as('petra'),
    );
    return items.length === 0 ? undefined : items[at % items.length].id;
  }

  /** Shows somebody a pull request, as its page does. */
  async show(at: number): Promise<ShownHead | undefined> {
    const id = await this.#proposal(at);
    if (!id) return undefined;
    const { bench } = this.stage;
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
    return (!looks && known) || this.show(at);
  }

  async review({
    who,
    proposal,
    decision,
    looks,
  }: Extract<Step, { do: 'review' }>): Promise<undefined> {
    const shown = await this.#headOf(proposal, looks);
    if (!shown) return undefined;
    const { bench, company } = this.stage;
    const person = this.stage.person(who, ['platform']);
    const page = await bench.service.getProposal(shown.id, bench.as(person));
    const objection = page.objections[0];
    const answer = await this.stage.tried(() =>
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
      this.stage.count('objections');
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

  async merge({
    who,
    proposal,
    looks,
  }: Extract<Step, { do: 'merge' }>): Promise<Cause | undefined> {
    const shown = await this.#headOf(proposal, looks);
    if (!shown) return undefined;
    const { bench, company } = this.stage;
    const person = this.stage.person(who, ['platform']);
    const repository = await bench.connection.repository();
    const branch = `callgate/default/${shown.api.split('/')[1]}`;
    const head = await repository.fetch(branch);
    const before = await bench.mainFiles();
    const merged = await this.stage.tried(() =>
      bench.service.mergeProposal(
        shown.id,
        { head: shown.head },
        bench.as(person),
      ),
    );
    if (!merged) return { by: 'merge' };
    this.stage.count('merged');
    if (!company.isMember(person, 'platform')) {
      throw new Violation(`${person} merged and is not of the platform.`);
    }
    this.#requireSameHead(shown, head, 'merged');
    const after = await bench.mainFiles();
    this.glass.seen(after);
    const known = new Set(requestsIn(before));
    const ended = await this.#endedIn(shown.requests, after);
    const came = [
      ...requestsIn(after).filter(id => !known.has(id)),
      ...ended,
    ].sort();
    if (came.join() !== [...shown.requests].sort().join()) {
      throw new Violation(`Merged ${came}; shown was ${shown.requests}.`);
    }
    for (const id of came) {
      await this.requests.requireMergeable(id);
      const { requestedBy } = await this.requests.stored(id);
      const approvers = this.requests.approversOf(id);
      if (company.isAsker(person, requestedBy) || approvers.includes(person)) {
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
    await this.#requireAskedEnds(shown, before, after);
    const stored = await Promise.all(came.map(id => this.requests.stored(id)));
    return stored.some(({ draft }) => draft.change)
      ? { by: 'merge', told: stored.map(each => each.shown.content) }
      : { by: 'merge' };
  }

  /** No grant goes that nobody asked to end. */
  async #requireAskedEnds(
    { requests }: ShownHead,
    before: ReadonlyMap<string, string>,
    after: ReadonlyMap<string, string>,
  ): Promise<void> {
    const stored = await Promise.all(
      requests.map(id => this.requests.stored(id)),
    );
    const left = declaredIn(after);
    for (const { api, id } of declaredIn(before)) {
      const isAsked = stored.some(
        ({ apiRef, draft: { change } }) =>
          apiRef === api && change?.kind === 'end' && change.grant === id,
      );
      if (!isAsked && !left.some(each => each.api === api && each.id === id))
        throw new Violation(`The grant ${id} of ${api} ended in silence.`);
    }
  }

  /** Requests among some whose grants are not declared any more. */
  async #endedIn(
    ids: readonly string[],
    files: ReadonlyMap<string, string>,
  ): Promise<string[]> {
    const texts = [...files].flatMap(([path, text]) =>
      path.startsWith('policies/') ? text : [],
    );
    const stored = await Promise.all(ids.map(id => this.requests.stored(id)));
    const isGone = (api: string, grant: string) =>
      !texts.some(
        text =>
          text.includes(api) &&
          new RegExp(`id: ['"]?${grant}['"]?$`, 'm').test(text),
      );
    // What else was to become of a grant that ends in the same pull request leaves nothing either.
    const ended = new Set(
      stored.flatMap(({ apiRef, draft: { change } }) =>
        change?.kind === 'end' && isGone(apiRef, change.grant)
          ? `${apiRef} ${change.grant}`
          : [],
      ),
    );
    return stored
      .filter(
        ({ apiRef, draft: { change } }) =>
          change && ended.has(`${apiRef} ${change.grant}`),
      )
      .map(({ id }) => id);
  }

  /** A merge takes away no file of another team's API. */
  #requireFilesOfOthers(
    api: string,
    before: ReadonlyMap<string, string>,
    after: ReadonlyMap<string, string>,
  ): void {
    const { company } = this.stage;
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
}

/** Ids of requests that the declarations of a branch name. */
function requestsIn(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, text]) =>
    path.startsWith('policies/')
      ? [...text.matchAll(/^ +request: ['"]?(\w+)['"]?$/gm)].map(([, id]) => id)
      : [],
  );
}
