import type { DecisionResult } from '@callgate/plugin-callgate-common';
import { decideAll } from '../../access/decideAll';
import type { Records } from './Records';
import type { Requests } from './Requests';
import { type Stage, Violation } from './Stage';
import type { Step } from './Step';

const codeOf = ({ error }: DecisionResult) => error?.code ?? error?.message;

/** Two people who decide several requests at the same moment. */
export class Bulk {
  #calls = 0;

  constructor(
    private readonly stage: Stage,
    private readonly requests: Requests,
    private readonly records: Records,
  ) {}

  async decide({
    people,
    decisions,
    again,
  }: Extract<Step, { do: 'decide-together' }>): Promise<undefined> {
    const { bench, company } = this.stage;
    const ids = [
      ...new Set(decisions.map(each => this.requests.idOf(each.request))),
    ].filter(id => id !== undefined);
    if (ids.length === 0) return undefined;
    const before = await Promise.all(ids.map(id => this.requests.stored(id)));
    const asked = ids.map((id, index) => {
      const { decision, digest } = decisions[index];
      return {
        id,
        decision,
        note: 'Together',
        ...(digest !== 'none' && {
          digest: this.requests.shownOf(
            digest === 'shown' ? id : ids[(index + 1) % ids.length],
          ),
        }),
      };
    });
    const deciders = people.map(who =>
      this.stage.person(who, this.requests.decidersOf(before[0])),
    );
    const key = `together-${++this.#calls}`;
    const send = (person: string, idempotencyKey: string) =>
      decideAll(
        bench.service,
        { decisions: asked },
        { ...bench.as(person), idempotencyKey },
        bench,
      );
    const answers = await Promise.all(
      deciders.map((person, index) => send(person, `${key}-${index}`)),
    );
    const rejected = new Map<string, string>();
    for (const [index, { results }] of answers.entries()) {
      const person = deciders[index];
      for (const [at, { id, state }] of results.entries()) {
        if (state === undefined) {
          this.stage.count(`bulk refused: ${codeOf(results[at])}`);
          continue;
        }
        this.stage.count(`bulk ${asked[at].decision}`);
        if (company.isAsker(person, before[at].requestedBy))
          throw new Violation(`${person} decided their own request ${id}.`);
        const isGlass = before[at].breakGlass !== undefined;
        if (
          !isGlass &&
          before[at].state !== 'submitted' &&
          state !== 'rejected'
        )
          throw new Violation(`${id} was decided when ${before[at].state}.`);
        if (asked[at].decision === 'approve') {
          const { digest } = asked[at];
          const { shown } = await this.requests.stored(id);
          if (digest === undefined || digest !== shown.digest)
            throw new Violation(
              `${person} approved ${digest} of ${id}, and ${shown.digest} counts.`,
            );
          await this.requests.approved(id, person, digest);
        } else if (rejected.has(id)) {
          throw new Violation(
            `${person} and ${rejected.get(id)} both rejected ${id}.`,
          );
        } else {
          rejected.set(id, person);
          this.requests.rejected(before[at]);
          const teams = this.requests.decidersOf(before[at]);
          if (!teams.some(team => company.isMember(person, team)))
            throw new Violation(`${person} rejected ${before[at].apiRef}.`);
        }
      }
    }
    for (const id of ids) {
      if (
        !before.find(each => each.id === id)?.breakGlass &&
        (await this.records.decisions(id)) > 1
      )
        throw new Violation(`${id} was decided twice.`);
      await this.requests.requireApproved(id);
    }
    if (again)
      await this.#requireOnce(ids, () => send(deciders[0], `${key}-0`));
    return undefined;
  }

  /** The same write once more changes nothing. */
  async #requireOnce(
    ids: readonly string[],
    send: () => Promise<unknown>,
  ): Promise<void> {
    const read = async () =>
      JSON.stringify(
        await Promise.all(
          ids.map(async id => [
            await this.requests.stored(id),
            await this.records.decisions(id),
          ]),
        ),
      );
    const before = await read();
    await send();
    if ((await read()) !== before)
      throw new Violation(`Sent again, it was decided again: ${ids}.`);
  }
}
