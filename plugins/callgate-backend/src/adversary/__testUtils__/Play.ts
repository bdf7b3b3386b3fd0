import type { Knex } from 'knex';
import { AccessWatch } from './AccessWatch';
import { AdversaryBench } from './AdversaryBench';
import { ApprovalRules } from './ApprovalRules';
import { Bulk } from './Bulk';
import { Clock } from './Clock';
import { Company } from './Company';
import { declareByHand, editCatalog, manifestsByHand, relabel } from './edits';
import { Glass } from './Glass';
import { editEntities, Gone } from './Gone';
import { Ledger } from './Ledger';
import { LookAgain } from './LookAgain';
import { Pages } from './Pages';
import { PullRequests } from './PullRequests';
import { Records } from './Records';
import { Requests } from './Requests';
import { Revisions } from './Revisions';
import { type Cause, Stage } from './Stage';
import type { Step } from './Step';
import { TakeBack } from './TakeBack';

/** Steps after which a page could be taken down. */
const EDITS: ReadonlySet<Step['do']> = new Set([
  ...(['bind', 'provide', 'join-system', 'define', 'relabel'] as const),
  ...(['declare-by-hand', 'manifests-by-hand', 'merge'] as const),
  ...(['unregister', 'register', 'hand-over'] as const),
]);

/**
 * Plays a sequence of steps on the real service and keeps beside it, by the company's own table, who owned what and who said
 * what. After every step it looks at what may never be.
 */
export class Play {
  static async start(client: Knex): Promise<Play> {
    const company = new Company();
    const bench = await AdversaryBench.create(client, company);
    const play = new Play(new Stage(bench, company));
    await play.watch.observe({ by: 'nothing' });
    return play;
  }

  private readonly watch: AccessWatch;
  private readonly requests: Requests;
  private readonly pulls: PullRequests;
  private readonly pages: Pages;
  private readonly rules: ApprovalRules;
  private readonly revisions: Revisions;
  private readonly bulk: Bulk;
  private readonly clock: Clock;
  private readonly takeBack: TakeBack;
  private readonly gone: Gone;
  private readonly lookAgain: LookAgain;

  private constructor(private readonly stage: Stage) {
    const ledger = new Ledger(stage.company);
    this.watch = new AccessWatch(stage, ledger);
    this.rules = new ApprovalRules(stage);
    const records = new Records(stage);
    const glass = new Glass(stage, ledger);
    this.requests = new Requests(stage, ledger, this.rules, records, glass);
    this.pulls = new PullRequests(stage, this.requests, glass);
    this.gone = new Gone(stage, this.requests);
    this.lookAgain = new LookAgain(stage, this.requests);
    this.pages = new Pages(stage, this.requests);
    this.revisions = new Revisions(stage, this.requests);
    this.bulk = new Bulk(stage, this.requests, records);
    this.clock = new Clock(stage, this.requests, glass);
    this.takeBack = new TakeBack(stage, this.requests);
  }

  get log(): readonly string[] {
    return this.stage.log;
  }

  get counts(): Readonly<Record<string, number>> {
    return this.stage.counts;
  }

  close(): void {
    this.stage.bench.close();
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.stage.bench.now += 30_000;
      this.stage.log.push(JSON.stringify(step));
      const cause = await this.#do(step);
      await this.requests.settle();
      // Nothing else touches what effective access is made of.
      if (cause) await this.watch.observe(cause);
      if (EDITS.has(step.do)) await this.pages.readSome();
    }
    await this.watch.observe({ by: 'nothing' });
    await this.pages.readAll();
  }

  async #do(step: Step): Promise<Cause | undefined> {
    switch (step.do) {
      case 'ask':
        return this.requests.ask(step);
      case 'of-grant':
        return this.requests.askOfGrant(step);
      case 'look':
        await this.requests.look(step.request);
        return undefined;
      case 'approve':
        return this.requests.approve(step);
      case 'reject':
        return this.requests.reject(step);
      case 'withdraw':
        return this.requests.withdraw(step);
      case 'ask-change':
        return this.revisions.askChange(step);
      case 'revise':
        return this.revisions.revise(step);
      case 'comment':
        return this.revisions.comment(step);
      case 'decide-together':
        return this.bulk.decide(step);
      case 'days':
        return this.clock.pass(step.days, step.twice);
      case 'hours':
        return this.clock.hours(step.hours, step.twice);
      case 'configure':
        this.stage.bench.lifecycle.notice = step.notice;
        this.stage.bench.breakGlass.hours = step.hours;
        return undefined;
      case 'look-again':
        return this.lookAgain.decide(step);
      case 'follow-catalog':
        return this.gone.follow(step);
      case 'unregister':
      case 'register':
      case 'hand-over':
        editEntities(this.stage.company, step);
        this.stage.bench.catalogChanged();
        return undefined;
      case 'rules':
        return this.rules.write(step.file);
      case 'take-back':
        return this.takeBack.send(step);
      case 'build':
        return this.pulls.build();
      case 'show':
        await this.pulls.show(step.proposal);
        return undefined;
      case 'review':
        return this.pulls.review(step);
      case 'merge':
        return this.pulls.merge(step);
      case 'read-all':
        await this.pages.readAll();
        return undefined;
      case 'relabel':
        return relabel(this.stage, step);
      case 'declare-by-hand':
        return declareByHand(this.stage, step);
      case 'manifests-by-hand':
        return manifestsByHand(this.stage, step);
      default:
        editCatalog(this.stage.company, step);
        this.stage.bench.catalogChanged();
        return undefined;
    }
  }
}
