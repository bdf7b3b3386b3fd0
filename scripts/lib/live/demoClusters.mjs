import { inRoot } from '../paths.mjs';
import { ApiServer } from './ApiServer.mjs';
import { inOrder, nameOf, readObjects } from './objects.mjs';

/** The clusters of the demo company, each a folder of examples/shop/estate. */
export const DEMO_CLUSTERS = ['prod-eu', 'staging'];

const ACCOUNT = '/api/v1/namespaces/callgate/serviceaccounts/callgate';

/** It ends with its server, whose keys are made at every start. */
const A_YEAR = 31_536_000;

/**
 * An API server that has what runs in a cluster of the demo company, and the account that Callgate reads it with. No
 * controller runs there: what nobody wrote, such as pods, there is not.
 *
 * @param engines - of `findEngines`
 * @returns `server`; `token`, of the account with the rights of deploy/rbac.yaml; and `leftOut`, names of objects whose kind is
 * not served
 */
export async function startDemoCluster(name, engines, signal) {
  // As its profile says, which would be contradicted otherwise.
  const [profile] = readObjects(
    inRoot('examples/shop/repository/profiles', `${name}.yaml`),
  );
  const [services] = profile.spec.network.serviceCidrs;
  const server = await ApiServer.start(engines.apiserver, signal, { services });
  try {
    const kinds = await server.define(engines.definitions, signal);
    const { namespaces, others, leftOut } = inOrder(
      [
        ...readObjects(inRoot('examples/shop/estate', name)),
        ...readObjects(
          inRoot('plugins/callgate-backend-module-kubernetes/deploy/rbac.yaml'),
        ),
      ],
      kinds,
    );
    await server.apply(namespaces, kinds, signal);
    await server.apply(others, kinds, signal);
    const { status } = await server.ask('POST', `${ACCOUNT}/token`, {
      signal,
      body: JSON.stringify({
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: A_YEAR },
      }),
    });
    return { name, server, token: status.token, leftOut: leftOut.map(nameOf) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
