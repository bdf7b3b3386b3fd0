import { InputError } from '@backstage/errors';
import type { ScmIntegrationRegistry } from '@backstage/integration';

/** A repository on github.com or GitHub Enterprise. */
export interface GithubAddress {
  owner: string;
  repo: string;
  /** Page of the repository, without credentials. */
  url: string;
  gitUrl: string;
  apiUrl: string;
}

/**
 * Finds the integration of a repository's address.
 *
 * @throws InputError with what to change in the configuration
 */
export function readGithubAddress(
  url: string,
  integrations: ScmIntegrationRegistry,
): GithubAddress {
  const refuse = (why: string) =>
    new InputError(`callgate.policyRepository.url: ${why}`);
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw refuse(
      'give the address of a repository, such as https://github.com/acme/policies',
    );
  }
  if (parsed.username || parsed.password) {
    throw refuse(
      'it must not contain credentials; put them into integrations.github',
    );
  }
  const [owner, name, ...rest] = parsed.pathname
    .split('/')
    .filter(part => part !== '');
  const repo = name?.replace(/\.git$/, '');
  if (!owner || !repo || rest.length > 0) {
    throw refuse(
      `${parsed.pathname} is not an owner and a repository, such as /acme/policies`,
    );
  }
  const integration = integrations.github.byHost(parsed.host);
  if (!integration) {
    throw refuse(
      `there is no integration for ${parsed.host}; add it to integrations.github`,
    );
  }
  const page = `${parsed.origin}/${owner}/${repo}`;
  return {
    owner,
    repo,
    url: page,
    gitUrl: `${page}.git`,
    apiUrl: integration.config.apiBaseUrl ?? `${parsed.origin}/api/v3`,
  };
}
