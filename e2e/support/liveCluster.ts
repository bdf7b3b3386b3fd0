import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { portal } from './portal';

interface Kubeconfig {
  clusters: [
    { cluster: { server: string; 'certificate-authority-data': string } },
  ];
  users: [{ user: { token: string } }];
}

/** The kubeconfig that `npm start -- --live` writes for a cluster; with JSON as its YAML. */
const kubeconfigOf = (cluster: string): Kubeconfig =>
  JSON.parse(
    readFileSync(path.join(portal.data, 'live', `${cluster}.kubeconfig`), {
      encoding: 'utf8',
    }),
  );

/**
 * Asks the API server of a live cluster, past Callgate, as somebody with kubectl does.
 *
 * @throws Error for any status but 2xx
 */
export function askCluster(
  cluster: string,
  method: 'POST' | 'DELETE',
  url: string,
  object?: object,
): Promise<void> {
  const [{ cluster: at }] = kubeconfigOf(cluster).clusters;
  const [{ user }] = kubeconfigOf(cluster).users;
  return new Promise((resolve, reject) => {
    const sent = request(
      `${at.server}${url}`,
      {
        method,
        ca: Buffer.from(at['certificate-authority-data'], 'base64'),
        headers: {
          authorization: `Bearer ${user.token}`,
          'content-type': 'application/json',
        },
      },
      response => {
        let text = '';
        response.on('data', chunk => {
          text += chunk;
        });
        response.on('end', () =>
          Math.floor(response.statusCode! / 100) === 2
            ? resolve()
            : reject(new Error(`${method} ${url}: ${text}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.end(object && JSON.stringify(object));
  });
}
