import { entityRefOf } from '@callgate/policy';
import { programName } from '../actor';
import type { StoredRequest } from '../database/AccessStore';
import { titlesOf } from '../proposals/titles';
import type { Snapshot } from '../proposals/types';
import {
  contractOf,
  grantedOperations,
  operationsText,
} from './views/operations';

/** What messages about a request name: never who calls. */
export interface NoticeNames {
  /** Title of the API. */
  api: string;
  /** Operations as written, such as `GET /orders/{id}`, with the API: `GET /orders/{id} of Orders API`. */
  what: string;
  /** What a person is called. */
  who(ref: string): string;
}

/** Names for messages, by the catalog as it was read last. A message is rather sent with plain names than not at all. */
export class NoticeWords {
  constructor(
    private readonly snapshots: { read(): Promise<Pick<Snapshot, 'catalog'>> },
  ) {}

  /** What entities are called. */
  async titles(): Promise<(ref: string) => string> {
    return titlesOf(await this.#catalog());
  }

  async #catalog(): Promise<Snapshot['catalog']> {
    return this.snapshots.read().then(
      snapshot => snapshot.catalog,
      () => [],
    );
  }

  async of({ apiRef, draft }: StoredRequest): Promise<NoticeNames> {
    const catalog = await this.#catalog();
    const titleOf = titlesOf(catalog);
    const contract = contractOf(
      catalog.find(entity => entityRefOf(entity) === apiRef),
      apiRef,
    );
    const api = titleOf(apiRef);
    const operations = grantedOperations(draft.operations, contract);
    return {
      api,
      what:
        operations.length > 0 ? `${operationsText(operations)} of ${api}` : api,
      who: ref => programName(ref) ?? titleOf(ref),
    };
  }
}
