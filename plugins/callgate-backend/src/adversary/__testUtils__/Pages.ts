import { APIS, PEOPLE } from './Company';
import type { Requests } from './Requests';
import { type Stage, Violation } from './Stage';

/** Opens pages: whatever anybody wrote, they are there. */
export class Pages {
  constructor(
    private readonly stage: Stage,
    private readonly requests: Requests,
  ) {}

  /** Pages open, whatever anybody wrote. */
  async readSome(): Promise<void> {
    const { log } = this.stage;
    const person = PEOPLE[log.length % PEOPLE.length];
    await this.#readApi(APIS[log.length % APIS.length], person);
    const callers = Object.keys(this.stage.company.components);
    await this.#readCaller(callers[log.length % callers.length], person);
  }

  async readAll(): Promise<void> {
    const { service } = this.stage.bench;
    const by = this.stage.bench.as('priya');
    for (const name of APIS) await this.#readApi(name, 'priya');
    for (const name of ['checkout', 'views', 'shopfront']) {
      await this.#readCaller(name, 'priya');
    }
    await this.#shows('the inbox', () =>
      service.listRequests({ tab: 'waiting', sort: 'risk', limit: 20 }, by),
    );
    for (const id of this.requests.ids) {
      await this.#shows(`request ${id}`, () => service.getRequest(id, by));
    }
    const { items } = await this.#shows('proposals', () =>
      service.listProposals({ limit: 20 }, by),
    );
    for (const { id } of items) {
      await this.#shows(`proposal ${id}`, () => service.getProposal(id, by));
    }
  }

  async #readApi(name: string, person: string): Promise<void> {
    const { service } = this.stage.bench;
    const by = this.stage.bench.as(person);
    const ref = `api:default/${name}`;
    await this.#shows(`the API ${name}`, () => service.getApiAccess(ref, by));
  }

  async #readCaller(name: string, person: string): Promise<void> {
    const { kind = undefined } = this.stage.company.components[name] ?? {};
    // Who has a page of their own are those that the catalog has.
    if (!kind) return;
    const ref = `${kind.toLowerCase()}:default/${name}`;
    await this.#shows(`the caller ${name}`, () =>
      this.stage.bench.service.getCallerAccess(
        ref,
        this.stage.bench.as(person),
      ),
    );
  }

  async #shows<T>(what: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw new Violation(
        `The page of ${what} fails: ${(error as Error).stack}`,
      );
    }
  }
}
