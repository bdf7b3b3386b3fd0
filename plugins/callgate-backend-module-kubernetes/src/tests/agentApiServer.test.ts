import {
  asJson,
  runAgent,
  type Credentials,
  type Json,
} from '@callgate/cluster-reader';
import type { EstateFile } from '@callgate/plugin-callgate-node';
import { setTimeout } from 'node:timers/promises';
import { ApiServer } from '../__testUtils__/ApiServer';
import { testDatabases } from '../__testUtils__/databases';
import { startPortal, tokenOf } from '../__testUtils__/portal';
import { readRbac } from '../__testUtils__/rbac';
import { LiveEstateSource } from '../LiveEstateSource';
import { DatabaseLeases } from '../snapshots/DatabaseLeases';
import { DatabaseSnapshots } from '../snapshots/DatabaseSnapshots';

jest.setTimeout(240_000);

/** An API server as `npm run live-clusters` makes it. */
const binary = process.env.CALLGATE_APISERVER;
const describeHere = binary ? describe : describe.skip;
if (!binary) {
  it.todo('an agent of a real API server: npm run live-clusters makes one');
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PATHS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/NS/serviceaccounts',
  Service: '/api/v1/namespaces/NS/services',
  Secret: '/api/v1/namespaces/NS/secrets',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies',
  Deployment: '/apis/apps/v1/namespaces/NS/deployments',
  ClusterRole: `${RBAC}/clusterroles`,
  ClusterRoleBinding: `${RBAC}/clusterrolebindings`,
  Role: `${RBAC}/namespaces/NS/roles`,
  RoleBinding: `${RBAC}/namespaces/NS/rolebindings`,
};

describeHere('an agent with the objects of deploy/agent.yaml', () => {
  const databases = testDatabases();

  it('has its Deployment taken by the API server, and sends what the portal would read', async () => {
    const server = await ApiServer.start(binary!);
    const client = await databases.init('SQLITE_3');
    const portal = await startPortal(client);
    const stopped = new AbortController();
    let running: Promise<void> | undefined;
    let own: LiveEstateSource | undefined;
    let other: LiveEstateSource | undefined;
    try {
      const make = (object: Json) =>
        server.ask(
          'POST',
          PATHS[String(object.kind)].replace(
            'NS',
            String(asJson(object.metadata).namespace ?? 'shop'),
          ),
          object,
        );
      for (const name of ['shop', 'istio-system'])
        await make({ kind: 'Namespace', metadata: { name } });
      for (const object of readRbac('agent.yaml')) await make(object);
      await make({
        kind: 'Secret',
        metadata: { name: 'password' },
        stringData: { a: 'hunter2' },
      });
      await make({
        kind: 'Service',
        metadata: { name: 'orders' },
        spec: { selector: { app: 'orders' }, ports: [{ port: 80 }] },
      });
      await make({
        kind: 'NetworkPolicy',
        metadata: { name: 'orders' },
        spec: {
          podSelector: { matchLabels: { app: 'orders' } },
          ingress: [{ from: [{ podSelector: {} }] }],
        },
      });
      const { status } = await server.ask(
        'POST',
        '/api/v1/namespaces/callgate/serviceaccounts/callgate/token',
        { spec: { expirationSeconds: 3600 } },
      );
      const credentials: Credentials = {
        type: 'token',
        url: server.address.url,
        token: String(asJson(status).token),
        caData: Buffer.from(server.address.ca).toString('base64'),
        skipTLSVerify: false,
      };
      running = runAgent(
        {
          ...{ cluster: 'prod', to: portal.url, credentials, exclude: [] },
          token: () => tokenOf('external:prod-agent'),
          say: () => undefined,
        },
        stopped.signal,
      );
      own = new LiveEstateSource({
        configured: {
          clusters: [
            { name: 'prod', credentials, exclude: [], resyncMs: 3_600_000 },
          ],
          ...{ agents: [], refused: [], notes: [] },
        },
      });
      const leases = DatabaseLeases.create({ client });
      other = new LiveEstateSource({
        configured: {
          clusters: [],
          agents: [{ name: 'prod', subject: 'external:prod-agent' }],
          ...{ refused: [], notes: [] },
        },
        shared: {
          leases,
          snapshots: DatabaseSnapshots.create({ client, leases }),
          timings: { pollMs: 100, leaseMs: 0, renewMs: 0, settleMs: 0 },
          onFailure: () => undefined,
        },
      });
      own.start();
      other.start();
      const read = async (source: LiveEstateSource): Promise<EstateFile[]> => {
        while ((await source.read()).problems.length > 0) await setTimeout(50);
        return (await source.read()).clusters[0].files;
      };
      const files = await read(own);
      while (
        JSON.stringify(await read(other)) !==
        JSON.stringify((await own.read()).clusters[0].files)
      )
        await setTimeout(50);
      expect(files.map(({ path }) => path)).toEqual(
        expect.arrayContaining([
          'prod/deployments/callgate.yaml',
          'prod/networkpolicies/shop.yaml',
          'prod/services/shop.yaml',
        ]),
      );
      expect(JSON.stringify(await read(other))).not.toContain('hunter2');
    } finally {
      stopped.abort();
      await running;
      await own?.stop();
      await other?.stop();
      await portal.stop();
      await server.stop();
    }
  });
});
