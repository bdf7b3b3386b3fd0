import { InputError } from '@backstage/errors';
import type { Forge, ForgeRepository } from '@callgate/plugin-callgate-node';
import type { PolicyRepositoryConfig } from './policyRepositoryConfig';

/** The connection to the policy repository: made at the first use, and again after a failure. */
export class RepositoryConnection {
  /** @throws InputError when the configuration names a forge that no module adds */
  static create(options: {
    forges: readonly Forge[];
    config: PolicyRepositoryConfig;
  }): RepositoryConnection {
    const { forges, config } = options;
    const forge = forges.find(({ id }) => id === config.forge);
    if (!forge) {
      const ids = forges.map(({ id }) => id).sort();
      throw new InputError(
        `callgate.policyRepository.forge is "${config.forge}", but ${
          ids.length > 0
            ? `only ${ids.join(', ')} is installed`
            : 'no forge is installed'
        }. Add the backend module @callgate/plugin-callgate-backend-module-${
          config.forge
        }.`,
      );
    }
    return new RepositoryConnection(forge, config);
  }

  #connected: Promise<ForgeRepository> | undefined;

  private constructor(
    private readonly forge: Forge,
    readonly config: PolicyRepositoryConfig,
  ) {}

  get forgeId(): string {
    return this.forge.id;
  }

  /** Whether the forge has no pages of its own, so that the portal reviews and merges. */
  get reviewsInPortal(): boolean {
    return this.forge.reviewsInPortal;
  }

  repository(): Promise<ForgeRepository> {
    const { url, branch } = this.config;
    this.#connected ??= this.forge.connect({ url, branch }).catch(error => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }
}
