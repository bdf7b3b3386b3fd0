import { type Turn, Turns } from './Turns';

const LIMITS = { atOnce: 2, perPerson: 1, waiting: 5 };
const STRANGER = 'user:default/stranger';
const PRIYA = 'user:default/priya';
const OMAR = 'user:default/omar';

/** Work that ends when the test says so. */
class Works {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, () => void>();

  ask(
    turns: Turns,
    name: string,
    by: string,
    over: Partial<Turn> = {},
  ): Promise<string> {
    return turns.run({ kind: 'preview', by, ...over }, async () => {
      this.begun.push(name);
      await new Promise<void>(resolve => this.#ends.set(name, resolve));
      return name;
    });
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await new Promise(resolve => setImmediate(resolve));
  }
}

describe('Turns', () => {
  let turns: Turns;
  let works: Works;
  beforeEach(() => {
    turns = new Turns(LIMITS);
    works = new Works();
  });

  it('runs one preview of a person, and of those that wait keeps the newest alone', async () => {
    const answers = Array.from({ length: 20 }, (_, index) =>
      works.ask(turns, `p${index}`, STRANGER),
    );
    const outcomes = Promise.allSettled(answers);
    expect(works.begun).toEqual(['p0']);
    await works.end('p0');
    expect(works.begun).toEqual(['p0', 'p19']);
    await works.end('p19');
    const settled = await outcomes;
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      ...Array.from({ length: 18 }, () => 'rejected'),
      'fulfilled',
    ]);
    expect((settled[1] as PromiseRejectedResult).reason).toMatchObject({
      name: 'ConflictError',
      code: 'superseded',
      retryAfterSeconds: 1,
    });
  });

  it("never has one person's question wait behind several of another's", async () => {
    const strangers = Promise.allSettled([
      works.ask(turns, 'stranger 1', STRANGER),
      works.ask(turns, 'page 1', STRANGER, { kind: 'page' }),
      works.ask(turns, 'page 2', STRANGER, { kind: 'page' }),
    ]);
    const priya = works.ask(turns, 'priya', PRIYA);
    expect(works.begun).toEqual(['stranger 1', 'priya']);
    const omar = works.ask(turns, 'omar', OMAR);
    await works.end('stranger 1');
    await works.end('priya');
    expect(works.begun).toEqual(['stranger 1', 'priya', 'page 1', 'omar']);
    for (const name of ['omar', 'page 1', 'page 2']) await works.end(name);
    expect(await priya).toBe('priya');
    expect(await omar).toBe('omar');
    await strangers;
  });

  it('goes round between people who wait', async () => {
    const one = new Turns({ ...LIMITS, atOnce: 1 });
    const all = Promise.all([
      works.ask(one, 'stranger 1', STRANGER, { kind: 'page' }),
      works.ask(one, 'stranger 2', STRANGER, { kind: 'page' }),
      works.ask(one, 'stranger 3', STRANGER, { kind: 'page' }),
      works.ask(one, 'priya', PRIYA),
      works.ask(one, 'omar', OMAR),
    ]);
    for (let at = 0; at < 5; at++) await works.end(works.begun[at]);
    await all;
    expect(works.begun).toEqual([
      'stranger 1',
      'stranger 2',
      'priya',
      'omar',
      'stranger 3',
    ]);
  });

  it('lets whoever decides go before whoever looks', async () => {
    const one = new Turns({ ...LIMITS, atOnce: 1 });
    const all = Promise.all([
      works.ask(one, 'stranger', STRANGER),
      works.ask(one, 'priya', PRIYA),
      works.ask(one, 'approval', OMAR, { kind: 'decision' }),
    ]);
    for (let at = 0; at < 3; at++) await works.end(works.begun[at]);
    await all;
    expect(works.begun).toEqual(['stranger', 'approval', 'priya']);
  });

  it('says that it is busy where too many wait, but never to a decision', async () => {
    const people = Array.from({ length: 7 }, (_, at) => `user:default/p${at}`);
    const all = Promise.all(people.map(by => works.ask(turns, by, by)));
    await expect(works.ask(turns, 'late', OMAR)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      code: 'previews-busy',
      retryAfterSeconds: 5,
    });
    const approval = works.ask(turns, 'approval', OMAR, { kind: 'decision' });
    for (let at = 0; at < 8; at++) await works.end(works.begun[at]);
    await all;
    expect(await approval).toBe('approval');
  });

  it('forgets whoever goes away while they wait', async () => {
    const gone = new AbortController();
    const first = works.ask(turns, 'first', STRANGER);
    const second = works.ask(turns, 'second', STRANGER, {
      signal: gone.signal,
    });
    gone.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    await works.end('first');
    await first;
    expect(works.begun).toEqual(['first']);
  });

  it('gives the turn on where work fails', async () => {
    const one = new Turns({ ...LIMITS, atOnce: 1 });
    const failing = one.run({ kind: 'preview', by: STRANGER }, async () => {
      throw new Error('no way');
    });
    const next = works.ask(one, 'next', PRIYA);
    await expect(failing).rejects.toThrow('no way');
    await works.end('none');
    await works.end('next');
    expect(await next).toBe('next');
  });
});
