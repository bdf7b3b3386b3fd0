import type { StoredRequest } from '../../database/AccessStore';
import { type Stage, Violation } from './Stage';

/** Where an event may lead, as documented. */
const LIFE: Record<string, Record<string, readonly string[]>> = {
  submitted: {
    approve: ['submitted', 'approved'],
    reject: ['rejected'],
    'ask-change': ['returned'],
    revise: ['submitted'],
    withdraw: ['withdrawn'],
    supersede: ['superseded'],
  },
  returned: {
    revise: ['submitted'],
    reject: ['rejected'],
    withdraw: ['withdrawn'],
    supersede: ['superseded'],
  },
  approved: {
    propose: ['proposed'],
    merge: ['merged'],
    'ask-again': ['submitted'],
    withdraw: ['withdrawn'],
    decline: ['declined'],
    supersede: ['superseded'],
    // Of what nobody had approved.
    confirm: ['approved'],
    refuse: ['rejected'],
  },
  proposed: {
    propose: ['proposed'],
    merge: ['merged'],
    'ask-again': ['submitted'],
    withdraw: ['withdrawn'],
    decline: ['declined'],
    supersede: ['superseded'],
    confirm: ['proposed'],
    refuse: ['rejected'],
  },
  // Too late: the pull request that had it was merged first.
  withdrawn: { merge: ['merged'] },
  merged: { confirm: ['merged'], refuse: ['merged'], lapse: ['merged'] },
};

/** What somebody asked for: that its notice is over is no other request. */
function asked({ change, ...draft }: StoredRequest['draft']): string {
  const { held: _, ...same } = change ?? {};
  return JSON.stringify([draft, same]);
}

interface Row {
  event: string;
  from_state: string | null;
  to_state: string;
  actor: string | null;
}

/** What the timeline says, against what happened. */
export class Records {
  readonly #rows = new Map<string, number>();
  readonly #drafts = new Map<string, string>();

  constructor(private readonly stage: Stage) {}

  /** Takes note of what a request asks for: of a new one, and of one that its requester has changed. */
  asks({ id, draft }: StoredRequest): void {
    this.#drafts.set(id, asked(draft));
  }

  /** Every change of a request's state stands in its timeline, in an order that can be, and nobody rewrote it. */
  async requireTold(request: StoredRequest): Promise<void> {
    const { id, state, draft } = request;
    const rows: Row[] = await this.stage.bench
      .client('request_transitions')
      .where({ request_id: id })
      .orderBy('id');
    let last: string | null = null;
    for (const { event, from_state: from, to_state: to } of rows) {
      const allowed =
        last === null
          ? event === 'submit' && to === 'submitted'
          : from === last && LIFE[last]?.[event]?.includes(to);
      if (!allowed)
        throw new Violation(`${id} went ${event} from ${from} to ${to}.`);
      last = to;
    }
    if (last !== state)
      throw new Violation(`${id} is ${state}; its timeline ends with ${last}.`);
    const before = this.#rows.get(id) ?? 0;
    if (rows.length < before)
      throw new Violation(`The timeline of ${id} has lost rows.`);
    this.#rows.set(id, rows.length);
    const first = this.#drafts.get(id);
    if (first !== undefined && first !== asked(draft))
      throw new Violation(
        `${id} asks for something else, and its requester did not change it: ${first}`,
      );
  }

  /** How often somebody has decided a request so that it went on or ended, since it was asked or asked again last. */
  async decisions(id: string): Promise<number> {
    const rows: Row[] = await this.stage.bench
      .client('request_transitions')
      .where({ request_id: id })
      .orderBy('id');
    const start = rows.findLastIndex(({ event }) =>
      ['submit', 'revise', 'ask-again'].includes(event),
    );
    return rows
      .slice(start + 1)
      .filter(
        ({ event, to_state: to }) =>
          event === 'reject' || (event === 'approve' && to === 'approved'),
      ).length;
  }

  /** One pull request of an API at a time. */
  async requireOneEach(): Promise<void> {
    const open: { api_ref: string }[] = await this.stage.bench
      .client('proposals')
      .where({ state: 'open' });
    const apis = open.map(each => each.api_ref);
    if (new Set(apis).size < apis.length)
      throw new Violation(`Two proposals are open for one of ${apis}.`);
  }
}
