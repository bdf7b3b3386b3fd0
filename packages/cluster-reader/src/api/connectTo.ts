import { KubeConfig } from '@kubernetes/client-node';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { elapsed } from '../elapsed';
import { checkUrl } from './checkUrl';
import type { Credentials } from './Credentials';
import type { Connect, Connection } from './Connection';

/** How long credentials are used before they are read again: tokens and certificates on disk are rotated. */
const FRESH_MS = 60_000;

/** Where Kubernetes puts the token of a pod. */
const POD_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Credentials that are missing or not to be used, in words for whoever configured them.
 *
 * @public
 */
export class CredentialsProblem extends Error {
  override readonly name = 'CredentialsProblem';
}

/**
 * Who asks, from a kubeconfig, a token or the pod. Kubeconfigs and what belongs to them (contexts, files, proxies, tokens of
 * pods) are read by Kubernetes' own client library, and nothing else is left to it: its typed models give NetworkPolicy's
 * `from` another name, and who writes or reads them without that name has a rule for everybody.
 *
 * @public
 */
export function connectTo(
  credentials: Credentials,
  now: () => number = Date.now,
): Connect {
  let known: { connection: Connection; key: string; at: number } | undefined;
  return async () => {
    if (known && elapsed(known.at, now()) < FRESH_MS) return known.connection;
    const config = load(credentials);
    const fresh = await settingsOf(config);
    // Open connections are kept as long as they are the same ones.
    if (known && known.key === fresh.key) {
      known.connection = { ...fresh.connection, agent: known.connection.agent };
      known.at = now();
      return known.connection;
    }
    known?.connection.agent?.destroy();
    known = { ...fresh, at: now() };
    return known.connection;
  };
}

function load(credentials: Credentials): KubeConfig {
  const config = new KubeConfig();
  switch (credentials.type) {
    case 'in-cluster':
      if (!process.env.KUBERNETES_SERVICE_HOST)
        throw new CredentialsProblem(
          'this process does not run in a cluster (KUBERNETES_SERVICE_HOST is not set); give it a kubeconfig, or an address with a token',
        );
      readable(POD_TOKEN, 'the token of the pod');
      config.loadFromCluster();
      return config;
    case 'token': {
      const { url, caData, caFile, skipTLSVerify } = credentials;
      if (caFile !== undefined) readable(caFile, 'caFile');
      const token =
        credentials.token ?? readable(POD_TOKEN, 'the token of the pod');
      config.loadFromClusterAndUser(
        {
          name: 'cluster',
          server: url,
          skipTLSVerify,
          ...(caData !== undefined && { caData }),
          ...(caFile !== undefined && { caFile }),
        },
        { name: 'reader', token: token.trim() },
      );
      return config;
    }
    default:
      return loadKubeconfig(credentials);
  }
}

function loadKubeconfig({
  file,
  context,
}: Extract<Credentials, { type: 'kubeconfig' }>): KubeConfig {
  const config = new KubeConfig();
  readable(file, 'the kubeconfig');
  try {
    config.loadFromFile(file);
  } catch {
    // What the parser says quotes the file, which has secrets.
    throw new CredentialsProblem(
      `${file} is no kubeconfig; write one with kubectl config view --raw --flatten --minify`,
    );
  }
  if (context !== undefined) {
    if (!config.getContextObject(context))
      throw new CredentialsProblem(
        `${file} has no context ${context}; it has ${
          config.contexts.map(({ name }) => name).join(', ') || 'none'
        }`,
      );
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  const at = `the context ${config.getCurrentContext() || '(none)'} of ${file}`;
  if (!cluster)
    throw new CredentialsProblem(`${at} names no cluster that is in the file`);
  if (!user)
    throw new CredentialsProblem(`${at} names no user that is in the file`);
  if (user.exec || user.authProvider)
    throw new CredentialsProblem(
      `${at} gets its credentials from ${
        user.exec ? 'a program (exec)' : 'an auth-provider'
      }, and Callgate runs no programs that files name; make a service account with deploy/rbac.yaml and give its token`,
    );
  const problem = checkUrl(cluster.server);
  if (problem)
    throw new CredentialsProblem(
      `the address of the cluster in ${at} ${problem}`,
    );
  const isWithout =
    !user.token && !user.certData && !user.certFile && !user.username;
  if (isWithout)
    throw new CredentialsProblem(
      `the user ${user.name} of ${file} has neither a token nor a certificate`,
    );
  return config;
}

/** The text of a file. */
function readable(file: string, what: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CredentialsProblem(
      `${what} (${file}) ${
        code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
      }`,
    );
  }
}

async function settingsOf(
  config: KubeConfig,
): Promise<{ connection: Connection; key: string }> {
  const cluster = config.getCurrentCluster()!;
  const options: https.RequestOptions = { headers: {} };
  const server = cluster.server.replace(/\/+$/, '');
  const isPlain = server.startsWith('http:');
  try {
    // The library refuses to speak without TLS, which `checkUrl` allows on this machine alone.
    if (isPlain)
      config.loadFromClusterAndUser(
        { ...cluster, skipTLSVerify: true },
        config.getCurrentUser()!,
      );
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    throw new CredentialsProblem(
      code && path
        ? `${path} cannot be read (${code})`
        : 'the certificate, key or proxy of the cluster cannot be used',
    );
  }
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  const headers = options.headers as Connection['headers'];
  const auth = options.auth ?? undefined;
  let agent: http.Agent | undefined;
  // With a proxy, the library's agent knows the way.
  if (cluster.proxyUrl) agent = options.agent as http.Agent;
  else if (isPlain) agent = new http.Agent({ keepAlive: true });
  else {
    try {
      agent = new https.Agent({
        keepAlive: true,
        ...(ca && { ca }),
        ...(cert && { cert }),
        ...(key && { key }),
        ...(servername && { servername }),
        ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
      });
    } catch {
      throw new CredentialsProblem(
        'the certificate or key of the cluster cannot be used',
      );
    }
  }
  const digest = createHash('sha256');
  for (const part of [server, cluster.proxyUrl, ca, cert, key, servername])
    digest.update(`${part ?? ''}\0`);
  return {
    connection: { server, agent, headers, ...(auth && { auth }) },
    key: digest.update(String(rejectUnauthorized)).digest('hex'),
  };
}
