import { InputError } from '@backstage/errors';
import type {
  CallgateForgesExtensionPoint,
  Forge,
} from '@callgate/plugin-callgate-node';

/** The forges that modules have added. */
export class ForgeRegistry implements CallgateForgesExtensionPoint {
  readonly #forges = new Map<string, Forge>();

  addForge(...forges: Array<Forge | Forge[]>): void {
    for (const forge of forges.flat()) {
      if (this.#forges.has(forge.id)) {
        throw new InputError(`There are two forges with the id ${forge.id}`);
      }
      this.#forges.set(forge.id, forge);
    }
  }

  get all(): Forge[] {
    return [...this.#forges.values()];
  }
}
