import { parse } from 'yaml';
import type { Glass } from './Glass';
import type { Requests } from './Requests';
import type { StoredRequest } from '../../database/AccessStore';
import { type Stage, Violation } from './Stage';

const DAY = 24 * 3_600_000;
const OPEN = ['submitted', 'returned', 'approved', 'proposed'];
const REFUSED = ['rejected', 'withdrawn', 'declined'];

/** A grant as Git says it. */
export interface Declared {
  api: string;
  id: string;
  caller: string;
  request?: string;
  requestedBy?: string;
  until?: string;
  breakGlass?: boolean;
  operations?: unknown;
}

/** Days that pass, and what goes by itself then. */
export class Clock {
  constructor(
    private readonly stage: Stage,
    private readonly requests: Requests,
    private readonly glass: Glass,
  ) {}

  /** So many days later the task looks at grants that end, in two processes at once where `twice`. */
  async pass(days: number, twice: boolean): Promise<undefined> {
    return this.hours(days * 24, twice);
  }

  /** The same by hours. */
  async hours(hours: number, twice: boolean): Promise<undefined> {
    const { bench } = this.stage;
    bench.now += (hours * DAY) / 24;
    const round = () => bench.followUp().runOnce();
    await (twice ? Promise.all([round(), round()]) : round());
    const found = await this.requests.findOthers();
    for (const request of found) this.#requireTime(request);
    await this.#requireAskedAbout();
    return undefined;
  }

  /** Nothing ends by itself whose time is not over. */
  #requireTime(request: StoredRequest): void {
    const { change } = request.draft;
    if (change?.glass) this.glass.requireTime(request);
    const today = new Date(this.stage.bench.now).toISOString().slice(0, 10);
    if (!change?.glass && change?.expired && change.expired >= today)
      throw new Violation(`${request.id} ends before ${change.expired}.`);
  }

  /** A grant whose day is over is asked about, unless somebody has said that it stays. */
  async #requireAskedAbout(): Promise<void> {
    const { bench } = this.stage;
    const today = new Date(bench.now).toISOString().slice(0, 10);
    const files = await bench.mainFiles();
    const over = declaredIn(files).filter(
      ({ until }) => until !== undefined && until < today,
    );
    const stored = await Promise.all(
      this.requests.ids.map(id => this.requests.stored(id)),
    );
    this.glass.requireEnded(files, stored);
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
    return (spec.grants ?? []).map(grant => ({ ...grant, api: spec.api }));
  });
}
