import type { DigestContent } from '@callgate/policy';
import type { StoredRequest } from '../../database/AccessStore';
import { type Declared, declaredIn } from './Clock';
import type { Team } from './Company';
import type { Ledger } from './Ledger';
import { type Stage, Violation } from './Stage';

const DAY = 24 * 3_600_000;
const REST = 7 * DAY;
/** Ends that get somewhere by themselves. */
const GOES_ON = ['approved', 'proposed'];
const REFUSED = ['rejected', 'withdrawn', 'declined'];

/** A request that went on before anybody approved it, as the suite remembers it. */
interface Broken {
  id: string;
  api: string;
  caller: string;
  digest: string;
  /** Workloads that it opens something for. */
  from: readonly string[];
  /** When its time is over, by the configuration when it was sent. */
  over: number;
  /** The grant that its merge has made. */
  grant?: string;
  /** Somebody who may has said yes or no. */
  said?: 'yes' | 'no';
  saidAt?: number;
  /** A round has seen that its time is over. */
  closed?: true;
}

/**
 * What went on before anybody approved it. Beside what owners approved, effective access may have what such a request said when it
 * was sent, by an owner of its caller and for their own workloads. It may come with a merge in its time; what is declared may stay
 * until one merge more, and the end that takes it out is asked for at its moment or with a no.
 */
export class Glass {
  readonly #all: Broken[] = [];
  /** When somebody rejected a request in the usual way: workloads, and the API. */
  readonly #refused: { api: string; caller: string; at: number }[] = [];

  constructor(private readonly stage: Stage, private readonly ledger: Ledger) {}

  of(id: string): Broken | undefined {
    return this.#all.find(each => each.id === id);
  }

  /** One was sent and nobody was asked: it is its sender's, and does nothing besides. */
  sent(request: StoredRequest, person: string): void {
    const { company, bench } = this.stage;
    const { id, apiRef: api, callerRef: caller, shown } = request;
    const { content, digest } = shown;
    const team = company.ownerOfEntity(caller);
    this.stage.count('could not wait');
    if (!company.isMember(person, team))
      throw new Violation(`${person} could not wait for ${caller} of ${team}.`);
    this.#requireSmall(id, caller, team, content);
    const from = content.edges.map(edge => edge.from);
    const standing = this.#all.find(
      each =>
        each.api === api &&
        (each.caller === caller ||
          each.from.some(workload => from.includes(workload))) &&
        this.#standsInTheWay(each),
    );
    if (standing)
      throw new Violation(
        `${id} could not wait, and ${standing.id} for the same was not confirmed.`,
      );
    const no = this.#refused.find(
      each =>
        each.api === api &&
        each.caller === caller &&
        bench.now - each.at < REST - DAY,
    );
    if (no) throw new Violation(`${id} went around a no to ${caller}.`);
    const over = bench.now + bench.breakGlass.hours * 3_600_000;
    this.#all.push({ ...{ id, api, caller, digest, from, over } });
    this.ledger.glass(id, content);
  }

  #requireSmall(
    id: string,
    caller: string,
    team: Team | undefined,
    content: DigestContent,
  ): void {
    const { company } = this.stage;
    const { edges, flips, removed, opened = [], others = [], gaps } = content;
    if ([flips, removed, opened, others, gaps].some(each => each.length > 0))
      throw new Violation(`${id} could not wait and does more than open.`);
    for (const edge of edges) {
      const workload = company.workload(edge.from);
      if (edge.caller !== caller)
        throw new Violation(`${id} could not wait and is for ${edge.caller}.`);
      if (workload && company.ownerOf(workload) !== team)
        throw new Violation(`${id} could not wait and is for ${edge.from}.`);
    }
  }

  #standsInTheWay({ id, said, saidAt = 0, closed, over, grant }: Broken) {
    const { now } = this.stage.bench;
    if (said === 'yes' || this.#gone.has(id)) return false;
    if (said === 'no') return now - saidAt < REST - DAY;
    // What opened nothing stands in nobody's way once its time is over.
    if (closed) return grant !== undefined && now - over < REST - DAY;
    return true;
  }

  /** Withdrawn, or otherwise gone before it opened anything. */
  readonly #gone = new Set<string>();

  /** A request of the usual way was rejected. */
  refused({ apiRef: api, callerRef: caller, draft }: StoredRequest): void {
    if (!draft.change && !draft.confirm)
      this.#refused.push({ api, caller, at: this.stage.bench.now });
  }

  /** Somebody has said yes or no afterwards, by what was sent, in time, and once. */
  decided(id: string, said: 'yes' | 'no', digest?: string): void {
    const broken = this.of(id)!;
    const { now } = this.stage.bench;
    this.stage.count(`afterwards ${said}`);
    if (digest !== undefined && digest !== broken.digest)
      throw new Violation(`${id} was confirmed as ${digest}.`);
    if (now >= broken.over)
      throw new Violation(`${id} was decided when its time was over.`);
    if (broken.said === 'no')
      throw new Violation(`${id} was decided after a no.`);
    // A yes of one of two is not all of it; the record of the request says when it is.
    if (said === 'no') Object.assign(broken, { said, saidAt: now });
  }

  /** Follows what the record says: all needs met, or gone before it opened anything. */
  settle({ id, state, breakGlass }: StoredRequest): void {
    const broken = this.of(id);
    if (!broken) return;
    if (breakGlass?.afterwards === 'confirmed' && broken.said !== 'no')
      broken.said = 'yes';
    const isOver = ['withdrawn', 'declined', 'superseded', 'rejected'];
    if (isOver.includes(state) && broken.grant === undefined) {
      this.#gone.add(id);
      // After a no it stands in the way all the same.
      if (broken.said === 'no') this.#gone.delete(id);
      this.ledger.glassIsOver(id);
    }
    if (breakGlass?.expiresAt !== broken.over)
      throw new Violation(`${id} ends at another moment than was said.`);
  }

  /** Whether a merge may bring it: nobody has seen its time to be over, and nobody said no. */
  requireMergeable(id: string): void {
    const { closed, said } = this.of(id)!;
    if (closed || said === 'no')
      throw new Violation(`${id} was merged after its time or a no.`);
    this.stage.count('merged before approval');
  }

  /** What is declared now: which grants came of them, and which are gone. */
  seen(files: ReadonlyMap<string, string>): Declared[] {
    const declared = declaredIn(files);
    for (const broken of this.#all) {
      const own = declared.find(({ request }) => request === broken.id);
      if (own) broken.grant = own.id;
      const isThere = declared.some(
        ({ api, id }) => api === broken.api && id === broken.grant,
      );
      if (broken.grant !== undefined && !isThere)
        this.ledger.glassIsOver(broken.id);
    }
    return declared;
  }

  /** After a round: whose time is over, or what somebody said no to, is asked to end, once. */
  requireEnded(
    files: ReadonlyMap<string, string>,
    stored: readonly StoredRequest[],
  ): void {
    const { now } = this.stage.bench;
    const declared = this.seen(files);
    for (const broken of this.#all) {
      if (now >= broken.over) {
        broken.closed = true;
        if (broken.grant === undefined) this.ledger.glassIsOver(broken.id);
        const record = stored.find(({ id }) => id === broken.id);
        if (record && GOES_ON.includes(record.state) && !broken.grant)
          throw new Violation(`${broken.id} is over and still on its way.`);
        if (record?.breakGlass?.afterwards === 'undecided')
          if (['approved', 'proposed', 'merged'].includes(record.state))
            throw new Violation(`${broken.id} is over and waits for a word.`);
      }
      if (now < broken.over && broken.said !== 'no') continue;
      const there = declared.find(
        ({ api, id }) => api === broken.api && id === broken.grant,
      );
      // Owners have made it a grant like others.
      if (!there || !there.breakGlass) continue;
      const ends = stored.filter(
        ({ apiRef, draft: { change } }) =>
          apiRef === broken.api &&
          change?.kind === 'end' &&
          change.grant === broken.grant,
      );
      const own = ends.filter(({ draft: { change } }) => change?.glass);
      const open = own.filter(({ state }) => GOES_ON.includes(state));
      if (open.length > 1)
        throw new Violation(`The end of ${broken.id} is asked twice.`);
      const kept = own.some(({ state }) => REFUSED.includes(state));
      const going = ends.some(
        ({ state, draft: { change } }) =>
          GOES_ON.includes(state) && !change?.held,
      );
      // Of an API with errors nothing can be prepared: it is asked, and asked anew once they are mended. And where something else
      // would open with it, or another workload would lose something, because the world changed meanwhile, somebody has to agree.
      const waits = own.some(
        ({ state, shown: { failed, flips, gained, restored, lost } }) =>
          state === 'submitted' &&
          (failed ||
            // Somebody has broken the file that closes the API: it is closed again with the end.
            flips.length + gained.length + restored.length > 0 ||
            lost
              .flatMap(({ clusters }) => clusters)
              .some(({ from }) => from.some(id => !broken.from.includes(id)))),
      );
      this.stage.count('ends of what could not wait');
      if (waits) this.stage.count('ends that wait for a word');
      if (!kept && !going && !waits)
        throw new Violation(
          `${broken.id} is over or refused, and nothing ends ${broken.grant}.`,
        );
    }
  }

  /** Callgate asks for the end of what could not wait at its moment or with a no, and not before. */
  requireTime({ draft }: StoredRequest): void {
    const { request, why } = draft.change!.glass!;
    const broken = this.of(request);
    const { now } = this.stage.bench;
    const isTime =
      why === 'over'
        ? now >= (broken?.over ?? Infinity)
        : broken?.said === 'no';
    if (!isTime)
      throw new Violation(`The end of ${request} is asked before its time.`);
  }
}
