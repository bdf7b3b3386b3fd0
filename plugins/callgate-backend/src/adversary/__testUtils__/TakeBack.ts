import type { Requests } from './Requests';
import { type Stage, Violation } from './Stage';
import type { Step } from './Step';

/** Taking back what was merged, with the draft that the page offers, sent as it is. */
export class TakeBack {
  constructor(
    private readonly stage: Stage,
    private readonly requests: Requests,
  ) {}

  async send({
    who,
    side,
    proposal: at,
  }: Extract<Step, { do: 'take-back' }>): Promise<undefined> {
    const { bench, company } = this.stage;
    const { items } = await bench.service.listProposals(
      { limit: 50 },
      bench.as('petra'),
    );
    const merged = items.filter(({ state }) => state === 'merged');
    if (merged.length === 0) return undefined;
    const { id, api } = merged[at % merged.length];
    const page = await bench.service.getProposal(id, bench.as('petra'));
    const offers = (page.revert ?? []).flatMap(({ request, draft }) =>
      draft ? [{ request: request.id, draft }] : [],
    );
    this.stage.count(offers.length > 0 ? 'can be taken back' : 'cannot be');
    for (const { request, draft } of offers) {
      const stored = await this.requests.stored(request);
      if (draft.api !== stored.apiRef || api.ref !== stored.apiRef)
        throw new Violation(`Taking back ${request} is about ${draft.api}.`);
      const owner = company.ownerOfEntity(
        side === 'api' ? stored.apiRef : stored.callerRef,
      );
      await this.requests.send(
        draft,
        this.stage.person(who, [owner]),
        'taken back',
      );
    }
    return undefined;
  }
}
