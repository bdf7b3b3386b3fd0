import { randomUUID } from 'node:crypto';
import { APIS, CALLERS, EMPLOYEES, OPERATIONS, type Employee } from './company';
import type { Office, Replica } from './Office';
import type { Dice } from './random';
import type { Tally } from './Tally';

/** What a request asks for, as it is sent. */
interface Ask {
  kind: 'new' | 'change' | 'renew' | 'end';
  api: string;
  caller: string;
  grant?: string;
  operations: { id: string }[];
  until?: string;
  whenLast?: 'keep-closed';
  reason: string;
}

/** A grant as the page of an API lists it. */
interface ListedGrant {
  id: string;
  api: string;
  caller: string;
}

/** How often something is sent again with the same key, where no answer came. */
const TRIES = 8;

/** Fifty people at their portals: each asks, decides, changes their mind and talks, at once with everybody else. */
export class People {
  /** Requests that were sent, by kind. */
  sent = 0;

  constructor(
    private readonly office: Office,
    private readonly dice: Dice,
    private readonly tally: Tally,
    /** How many requests are sent in all. */
    private readonly enough: number,
  ) {}

  /** All of them, until enough was asked. */
  async work(): Promise<void> {
    await Promise.all(
      EMPLOYEES.map(async person => {
        while (this.sent < this.enough) await this.#act(person);
      }),
    );
  }

  /** Everybody decides what still waits for them, once. */
  async decideRest(): Promise<number> {
    let decided = 0;
    for (const person of EMPLOYEES)
      while (await this.#decideOne(person, true)) decided += 1;
    return decided;
  }

  async #act(person: Employee): Promise<void> {
    const { dice } = this;
    const roll = dice.next();
    if (roll < 0.4) await this.#ask(person, this.#newGrant(person));
    else if (roll < 0.62) await this.#aboutGrant(person);
    else if (roll < 0.93) await this.#decideOne(person, false);
    else if (roll < 0.97) await this.#mine(person);
    else await this.#decideSeveral(person);
  }

  #newGrant({ team }: Employee): Ask {
    const { dice } = this;
    const first = dice.one(OPERATIONS);
    const second = dice.one(OPERATIONS);
    return {
      kind: 'new',
      api: dice.one(APIS.filter(each => each.team !== team)).ref,
      caller: dice.one(CALLERS.filter(each => each.team === team)).ref,
      operations: [...new Set([first, second])].map(id => ({ id })),
      ...(dice.chance(0.3) && { until: dayIn(30) }),
      reason: 'Needed for the next release',
    };
  }

  async #aboutGrant(person: Employee): Promise<void> {
    const { dice } = this;
    const listed = await this.#grants(person);
    if (listed.length === 0) return;
    const { id: grant, api, caller } = dice.one(listed);
    const kind = dice.one(['change', 'renew', 'end', 'end'] as const);
    await this.#ask(person, {
      kind,
      ...{ api, caller, grant },
      operations: kind === 'change' ? [{ id: dice.one(OPERATIONS) }] : [],
      ...(kind === 'renew' && {
        until: dayIn(60 + Math.floor(dice.next() * 90)),
      }),
      ...(kind === 'end' && { whenLast: 'keep-closed' as const }),
      reason: `To ${kind} it`,
    });
  }

  /** Grants of one API that somebody may ask something about. */
  async #grants({ ref, team }: Employee): Promise<ListedGrant[]> {
    const { ref: api, team: owner } = this.dice.one(APIS);
    const { body, status } = await this.tally.timed(
      'page of an API',
      this.#replica().get(ref, `/apis/default/${api.split('/')[1]}`),
    );
    if (status !== 200) return [];
    const own = new Set(
      CALLERS.filter(each => each.team === team).map(each => each.ref),
    );
    type Row = {
      caller: { ref: string };
      grants: { id: string; api: string }[];
    };
    return (body.callers as Row[]).flatMap(row =>
      row.grants
        .filter(each => each.api === api)
        .filter(() => owner === team || own.has(row.caller.ref))
        .map(({ id }) => ({ id, api, caller: row.caller.ref })),
    );
  }

  async #ask({ ref }: Employee, ask: Ask): Promise<void> {
    const { tally } = this;
    const preview = await tally.timed(
      'preview',
      this.#replica().post(ref, '/previews', ask),
    );
    if (preview.status !== 200 || !preview.body.send.allowed) {
      tally.count(`not asked: ${why(preview)}`);
      return;
    }
    const { digest } = preview.body;
    const sent = await this.#send(ref, 'send', '/requests', { ...ask, digest });
    if (sent.status === 201) {
      this.sent += 1;
      tally.count(`asked: ${ask.kind}`);
    } else tally.count(`not sent: ${why(sent)}`);
  }

  /** Decides the first of what waits; `last`: whatever is left over, without asking back. */
  async #decideOne({ ref }: Employee, last: boolean): Promise<boolean> {
    const { tally, dice } = this;
    const list = await tally.timed(
      'inbox',
      this.#replica().get(ref, '/requests?tab=waiting&limit=20'),
    );
    if (list.status !== 200 || list.body.items.length === 0) return false;
    const { id } = dice.one(list.body.items as { id: string }[]);
    const page = await tally.timed(
      'page of a request',
      this.#replica().get(ref, `/requests/${id}`),
    );
    if (page.status !== 200) return false;
    const { digest, currentDigest = digest, version } = page.body;
    const shown = { digest: currentDigest, version };
    const roll = dice.next();
    let done;
    if (roll < 0.8) done = ['approve', shown] as const;
    else if (roll < 0.9 || last)
      done = ['reject', { reason: 'Not like this', version }] as const;
    else if (roll < 0.95)
      done = ['ask-change', { note: 'Less, please', version }] as const;
    else done = ['comment', { text: 'What is it for?' }] as const;
    const [what, body] = done;
    const answer = await this.#send(ref, what, `/requests/${id}/${what}`, body);
    const ok = answer.status < 300;
    tally.count(ok ? what : `not ${what}: ${why(answer)}`);
    return ok;
  }

  async #decideSeveral({ ref }: Employee): Promise<void> {
    const list = await this.#replica().get(
      ref,
      '/requests?tab=waiting&limit=5',
    );
    if (list.status !== 200) return;
    const items = list.body.items as {
      id: string;
      currentDigest?: string;
      digest: string;
    }[];
    if (items.length < 2) return;
    const pages = await Promise.all(
      items.map(({ id }) => this.#replica().get(ref, `/requests/${id}`)),
    );
    const decisions = pages
      .filter(({ status }) => status === 200)
      .map(({ body }) => ({
        id: body.id,
        decision: 'approve',
        digest: body.currentDigest ?? body.digest,
        version: body.version,
      }));
    const answer = await this.#send(ref, 'decide several', '/requests/decide', {
      decisions,
    });
    if (answer.status !== 200) {
      this.tally.count(`not decide several: ${why(answer)}`);
      return;
    }
    for (const { error } of answer.body.results)
      this.tally.count(error ? 'in several: refused' : 'in several: approved');
  }

  /** Withdraws something of theirs, or changes what was given back. */
  async #mine({ ref }: Employee): Promise<void> {
    const { dice, tally } = this;
    const list = await this.#replica().get(ref, '/requests?tab=mine&limit=50');
    if (list.status !== 200) return;
    type Item = { id: string; state: string; kind: string; version: number };
    const items = (list.body.items as Item[]).filter(({ state }) =>
      ['submitted', 'returned', 'approved', 'proposed'].includes(state),
    );
    if (items.length === 0) return;
    const returned = items.filter(({ state }) => state === 'returned');
    const { id, kind } = dice.one(returned.length > 0 ? returned : items);
    const page = await this.#replica().get(ref, `/requests/${id}`);
    if (page.status !== 200) return;
    const { body } = page;
    if (body.state !== 'returned' || kind === 'end') {
      const { version } = body;
      const to = `/requests/${id}/withdraw`;
      const answer = await this.#send(ref, 'withdraw', to, { version });
      tally.count(
        answer.status < 300 ? 'withdraw' : `not withdraw: ${why(answer)}`,
      );
      return;
    }
    const revised = {
      ...(kind !== 'renew' && { operations: [{ id: dice.one(OPERATIONS) }] }),
      ...(kind === 'renew' && { until: dayIn(50) }),
      reason: 'Less of it',
    };
    const preview = await this.#replica().post(ref, '/previews', {
      kind,
      api: body.api.ref,
      caller: body.caller.ref,
      operations: [],
      ...(kind !== 'new' && { grant: body.grant }),
      ...revised,
      revises: id,
    });
    if (preview.status !== 200) {
      tally.count(`not revised: ${why(preview)}`);
      return;
    }
    const answer = await this.#send(ref, 'revise', `/requests/${id}/revise`, {
      ...revised,
      digest: preview.body.digest,
      version: body.version,
    });
    tally.count(answer.status < 300 ? 'revise' : `not revise: ${why(answer)}`);
  }

  /** Sends until an answer comes, with one key, so that it is done once. */
  async #send(ref: string, what: string, to: string, body: object) {
    const key = randomUUID();
    for (let tries = 1; ; tries += 1) {
      const answer = await this.tally.timed(
        what,
        this.#replica().post(ref, to, body).set('Idempotency-Key', key),
      );
      if (answer.status < 500 || tries === TRIES) return answer;
      this.tally.count('sent again');
    }
  }

  #replica(): Replica {
    return this.dice.one(this.office.replicas);
  }
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 24 * 3_600_000)
    .toISOString()
    .slice(0, 10);
}

/** What answers say that are refused. */
interface Refusal {
  error?: { code?: string; name?: string };
  findings?: { severity: string; code: string }[];
  send?: { reason?: string };
}

function why({ status, body }: { status: number; body?: Refusal }): string {
  const problem = body?.findings?.find(({ severity }) => severity === 'error');
  const { code, name } = body?.error ?? {};
  return `${status} ${
    code ?? name ?? problem?.code ?? body?.send?.reason ?? ''
  }`.trim();
}
