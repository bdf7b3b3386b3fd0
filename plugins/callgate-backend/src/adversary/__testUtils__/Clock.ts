import { parse } from 'yaml';
import type { Requests } from './Requests';
import { type Stage, Violation } from './Stage';

const DAY = 24 * 3_600_000;
const OPEN = ['submitted', 'returned', 'approved', 'proposed'];
const REFUSED = ['rejected', 'withdrawn', 'declined'];

interface Declared {
  api: string;
  id: string;
  request?: string;
  until?: string;
}

/** Days that pass, and what goes by itself then. */
export class Clock {
  constructor(
    private readonly stage: Stage,
    private readonly requests: Requests,
  ) {}

  /** So many days later the task looks at grants that end, in two processes at once where `twice`. */
  async pass(days: number, twice: boolean): Promise<undefined> {
    const { bench } = this.stage;
    bench.now += days * DAY;
    const round = () => bench.followUp().runOnce();
    await (twice ? Promise.all([round(), round()]) : round());
    await this.requests.findOthers();
    await this.#requireAskedAbout();
    return undefined;
  }

  /** A grant whose day is over is asked about, unless somebody has said that it stays. */
  async #requireAskedAbout(): Promise<void> {
    const { bench } = this.stage;
    const today = new Date(bench.now).toISOString().slice(0, 10);
    const over = declaredIn(await bench.mainFiles()).filter(
      ({ until }) => until !== undefined && until < today,
    );
    const stored = await Promise.all(
      this.requests.ids.map(id => this.requests.stored(id)),
    );
    for (const { api, id, until } of over) {
      const ends = stored.filter(
        ({ apiRef, draft: { change } }) =>
          apiRef === api && change?.kind === 'end' && change.grant === id,
      );
      const open = ends.filter(({ state }) => OPEN.includes(state));
      const refused = ends.filter(
        ({ state, draft: { change } }) =>
          change?.expired === until && REFUSED.includes(state),
      );
      this.stage.count('grants over');
      if (open.length + refused.length === 0)
        throw new Violation(
          `The grant ${id} of ${api} was until ${until}, it is ${today}, and nobody is asked: ${bench.warnings()}`,
        );
      const own = open.filter(({ draft: { change } }) => change?.expired);
      if (own.length > 1)
        throw new Violation(`The end of ${id} of ${api} is asked twice.`);
    }
  }
}

/** Grants of the declarations that can be read. */
export function declaredIn(files: ReadonlyMap<string, string>): Declared[] {
  return [...files].flatMap(([path, text]) => {
    if (!/^policies\/[^.].*\.yaml$/.test(path)) return [];
    const { spec } = parse(text) as {
      spec: { api: string; grants?: Omit<Declared, 'api'>[] };
    };
    return (spec.grants ?? []).map(({ id, request, until }) => ({
      api: spec.api,
      id,
      request,
      until,
    }));
  });
}
