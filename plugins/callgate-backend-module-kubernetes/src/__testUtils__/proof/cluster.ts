import { asJson } from '@callgate/cluster-reader';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../ApiServer';
import { readRbac } from '../rbac';
import type { ClusterConfig } from '../../config/ClusterConfig';
import { LiveEstateSource } from '../../LiveEstateSource';
import { namespaces, workloadOf, type Made, type Size } from './company';
import { digestOf } from './digestOf';

/** Requests at the same time. */
const AT_ONCE = 24;
/** How long an answer may differ from a fresh one, in milliseconds: longer than the longest back-off. */
const PATIENCE_MS = 150_000;

const RBAC: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/NS/serviceaccounts',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings',
};

/** The objects of deploy/rbac.yaml. */
export function rights(): (Made & { kind: string })[] {
  return readRbac().map(object => {
    const kind = String(object.kind);
    const { namespace } = asJson(object.metadata);
    return { kind, path: RBAC[kind].replace('NS', String(namespace)), object };
  });
}

/** Does all of them, some at the same time. */
export async function each<T>(
  all: readonly T[],
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const left = [...all].reverse();
  const worker = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop())
      await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

export const make = (server: ApiServer, { path, object }: Made) =>
  server.ask('POST', path, object, { expected: [201] });

/** Makes the account that reads, and what runs. */
export async function fill(server: ApiServer, size: Size): Promise<void> {
  for (const made of [
    { path: RBAC.Namespace, object: { metadata: { name: 'istio-system' } } },
    ...rights(),
    ...namespaces(size),
  ])
    await make(server, made);
  const pods = Math.floor(size.pods / size.workloads);
  const workloads = Array.from({ length: size.workloads }, (_, at) => at);
  await each(workloads, async at => {
    for (const made of workloadOf(at, pods)) await make(server, made);
  });
}

/** A token of the account, by which nothing but reading is allowed. */
export async function tokenOf(server: ApiServer): Promise<string> {
  const { status } = await server.ask(
    'POST',
    '/api/v1/namespaces/callgate/serviceaccounts/callgate/token',
    { spec: { expirationSeconds: 36_000 } },
  );
  return String(asJson(status).token);
}

export function clusterOf(
  credentials: ClusterConfig['credentials'],
): ClusterConfig {
  return { name: 'prod', credentials, exclude: [], resyncMs: 86_400_000 };
}

export const base64 = (text: string) => Buffer.from(text).toString('base64');

export function byToken({ address }: ApiServer, token: string): ClusterConfig {
  return clusterOf({
    type: 'token',
    url: address.url,
    token,
    caData: base64(address.ca),
    skipTLSVerify: false,
  });
}

/** What a reader that knows nothing reads. */
export async function freshDigest(cluster: ClusterConfig): Promise<string> {
  const source = new LiveEstateSource({
    configured: { clusters: [cluster], agents: [], refused: [], notes: [] },
  });
  source.start();
  try {
    for (const limit = Date.now() + PATIENCE_MS; ; ) {
      const reading = await source.read();
      if (reading.clusters.length > 0 && reading.problems.length === 0)
        return digestOf(reading);
      if (Date.now() > limit)
        throw new Error(`It cannot be read: ${reading.problems.join(' ')}`);
      await sleep(50);
    }
  } finally {
    source.stop();
  }
}

/** Waits until something is so; milliseconds until then, or undefined where it never was. */
export async function within(
  isSo: () => Promise<boolean>,
  ms = PATIENCE_MS,
): Promise<number | undefined> {
  const begun = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begun > ms) return undefined;
    await sleep(50);
  }
  return performance.now() - begun;
}
