import { decideReviews } from '../../access/decideReviews';
import { REVIEW_DAYS } from './AdversaryBench';
import { declaredIn } from './Clock';
import type { Requests } from './Requests';
import { type Stage, Violation } from './Stage';
import type { Step } from './Step';

const DAY = 24 * 3_600_000;

/** Looking at grants again: who keeps or ends what, of what was shown, and how often. */
export class LookAgain {
  /** The digest that was shown last, with the terms that were declared then. */
  readonly #shown = new Map<string, { digest: string; terms: string }>();
  /** When somebody kept a grant as it was. */
  readonly #kept = new Map<string, number>();

  constructor(
    private readonly stage: Stage,
    private readonly requests: Requests,
  ) {}

  async decide({
    who,
    side,
    grant: at,
    decision,
    looks,
    twice,
  }: Extract<Step, { do: 'look-again' }>): Promise<undefined> {
    const { bench, company } = this.stage;
    const declared = declaredIn(await bench.mainFiles());
    if (declared.length === 0) return undefined;
    const grant = declared[at % declared.length];
    const key = `${grant.api} ${grant.id}`;
    const owner = company.ownerOfEntity(grant.api);
    const person = this.stage.person(who, [
      side === 'api' ? owner : company.ownerOfEntity(grant.caller),
    ]);
    // Whoever owns the API is shown it.
    if (looks || !this.#shown.has(key))
      for (const owned of company.members[owner ?? 'platform']) {
        const page = await bench.service.listReviews(
          { limit: 50 },
          bench.as(owned),
        );
        const item = page.items.find(
          ({ api, grant: id }) => api.ref === grant.api && id === grant.id,
        );
        if (!item) continue;
        this.stage.count('due');
        const terms = JSON.stringify(grant);
        this.#shown.set(key, { digest: item.digest, terms });
      }
    const shown = this.#shown.get(key);
    if (!shown) return undefined;
    const before = await this.#mainTip();
    const send = () =>
      decideReviews(
        bench.service,
        {
          decisions: [
            {
              api: grant.api,
              grant: grant.id,
              decision,
              digest: shown.digest,
              whenLast: 'keep-closed',
            },
          ],
          note: 'Looked at again',
        },
        bench.as(person),
        bench,
      );
    const answers = await (twice
      ? Promise.all([send(), send()])
      : Promise.all([send()]));
    const done = answers
      .flatMap(({ results }) => results)
      .filter(({ review, request }) => review ?? request);
    for (const { results } of answers)
      for (const { error } of results)
        if (error) this.stage.count(`look again refused: ${error.code}`);
    if (done.length === 0) return undefined;
    this.stage.count(`looked at again: ${decision}`);
    if (done.length > 1) throw new Violation(`${key} was ${decision} twice.`);
    if (!company.isMember(person, owner))
      throw new Violation(`${person} looked at ${key} of ${owner}.`);
    if (shown.terms !== JSON.stringify(grant))
      throw new Violation(`${key} was looked at as ${shown.terms}.`);
    if ((await this.#mainTip()) !== before)
      throw new Violation(`Looking at ${key} again changed what is declared.`);
    if (decision === 'end') {
      await this.requests.found(done[0].request!.id, person);
      return undefined;
    }
    if (
      grant.requestedBy !== undefined &&
      company.isAsker(person, grant.requestedBy)
    )
      throw new Violation(`${person} kept ${key}, which they asked for.`);
    const last = this.#kept.get(key);
    if (last !== undefined && bench.now - last < (REVIEW_DAYS - 1) * DAY)
      throw new Violation(`${key} was kept twice.`);
    this.#kept.set(key, bench.now);
    return undefined;
  }

  async #mainTip(): Promise<string | undefined> {
    const repository = await this.stage.bench.connection.repository();
    return repository.fetch('main');
  }
}
