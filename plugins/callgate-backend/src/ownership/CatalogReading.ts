import type { AuthService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { ServiceUnavailableError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/** The catalog takes as many at once; more are asked in several calls. */
const MAX_REFS = 500;

/** What ownership is read from; refs without an entity are `undefined`. */
export interface CatalogReading {
  read(refs: readonly string[]): Promise<(Entity | undefined)[]>;
}

/**
 * The catalog as one act finds it. Whatever is asked within one turn goes in one call, and nothing is asked twice, so
 * that a list costs a handful of calls however long it is. It lives as long as the act and is never kept for the next.
 */
export class MemoizedCatalogReading implements CatalogReading {
  readonly #known = new Map<string, Promise<Entity | undefined>>();
  #gathering:
    | { refs: string[]; answer: Promise<Map<string, Entity>> }
    | undefined;

  constructor(
    private readonly options: { catalog: CatalogService; auth: AuthService },
  ) {}

  read(refs: readonly string[]): Promise<(Entity | undefined)[]> {
    return Promise.all(
      refs.map(ref => {
        const known = this.#known.get(ref) ?? this.#gather(ref);
        this.#known.set(ref, known);
        return known;
      }),
    );
  }

  async #gather(ref: string): Promise<Entity | undefined> {
    if (!this.#gathering) {
      const refs: string[] = [];
      const answer = Promise.resolve().then(() => {
        this.#gathering = undefined;
        return this.#ask(refs);
      });
      this.#gathering = { refs, answer };
    }
    this.#gathering.refs.push(ref);
    return (await this.#gathering.answer).get(ref);
  }

  /** @throws ServiceUnavailableError with code `catalog-unreachable`: what cannot be asked is not guessed */
  async #ask(refs: readonly string[]): Promise<Map<string, Entity>> {
    const found = new Map<string, Entity>();
    try {
      const credentials = await this.options.auth.getOwnServiceCredentials();
      for (let at = 0; at < refs.length; at += MAX_REFS) {
        const entityRefs = refs.slice(at, at + MAX_REFS);
        const { items } = await this.options.catalog.getEntitiesByRefs(
          {
            entityRefs,
            fields: [
              'kind',
              'metadata.name',
              'metadata.namespace',
              'relations',
            ],
          },
          { credentials },
        );
        items.forEach((entity, index) => {
          if (entity) found.set(entityRefs[index], entity);
        });
      }
    } catch {
      throw Object.assign(
        new ServiceUnavailableError(
          'The catalog cannot be asked now who owns what, so nothing can be decided. Try again in a minute.',
        ),
        { code: 'catalog-unreachable' },
      );
    }
    return found;
  }
}
