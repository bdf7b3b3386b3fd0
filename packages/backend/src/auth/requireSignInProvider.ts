import type { Config } from '@backstage/config';
import { ConflictError } from '@backstage/errors';

/** Providers that let anybody in as somebody: for a laptop, never for a shared portal. */
const PROVIDERS_WITHOUT_PROOF = ['demo', 'guest'];

/**
 * Refuses a configuration in which nobody could sign in, or in which
 * everybody could sign in as anybody.
 *
 * @remarks
 * Backstage itself starts happily without any provider. A portal in which
 * people decide about access must not.
 *
 * @param options.config - the whole configuration of the backend
 * @param options.environment - the value of `NODE_ENV`
 * @throws ConflictError whose message says what to configure
 */
export function requireSignInProvider(options: {
  config: Config;
  environment: string | undefined;
}): void {
  const { config, environment } = options;
  const configured = config.getOptionalConfig('auth.providers')?.keys() ?? [];
  const development = environment === 'development';

  const unproven = configured.filter(id =>
    PROVIDERS_WITHOUT_PROOF.includes(id),
  );
  if (!development && unproven.length > 0) {
    throw new ConflictError(
      `auth.providers.${unproven[0]} lets anybody sign in as somebody else and works in development only. ` +
        'Remove it from the configuration, or start the development portal with `npm start`.',
    );
  }

  const proven = configured.filter(
    id => !PROVIDERS_WITHOUT_PROOF.includes(id) && isFilledIn(config, id),
  );
  if (proven.length === 0 && unproven.length === 0) {
    throw new ConflictError(
      'No sign-in provider is configured, so nobody could prove who they are. ' +
        'Configure one under auth.providers (app-config.production.yaml shows GitHub), or start the development portal with `npm start`.',
    );
  }
}

/** `github: {}` is a provider in name only. */
function isFilledIn(config: Config, id: string): boolean {
  const provider = config.getOptionalConfig(`auth.providers.${id}`);
  return provider !== undefined && provider.keys().length > 0;
}
