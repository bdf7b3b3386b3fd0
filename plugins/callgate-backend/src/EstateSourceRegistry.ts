import type {
  CallgateEstateSourcesExtensionPoint,
  EstateSource,
} from '@callgate/plugin-callgate-node';

/** The sources of what runs that modules have added, besides the built-in one. */
export class EstateSourceRegistry
  implements CallgateEstateSourcesExtensionPoint
{
  readonly #sources: EstateSource[] = [];

  addEstateSource(...sources: Array<EstateSource | EstateSource[]>): void {
    this.#sources.push(...sources.flat());
  }

  get all(): EstateSource[] {
    return [...this.#sources];
  }
}
