import fs from 'node:fs';
import path from 'node:path';

/**
 * Writes how the clusters are reached, for the portal and for people. There are tokens in it: nobody but their owner reads it.
 *
 * @param clusters - as `startDemoCluster` gives them
 * @returns `config`, a configuration file that takes the place of `callgate.estate.manifests`, and `kubeconfigOf`, by cluster, a
 * file with which kubectl may do everything
 */
export function writeLiveFolder(folder, clusters) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name, content) => {
    const file = path.join(folder, name);
    // JSON is YAML, and says by itself what has to be quoted.
    fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, {
      mode: 0o600,
    });
    return file;
  };
  return {
    config: write('app-config.live.yaml', configOf(clusters)),
    kubeconfigOf: Object.fromEntries(
      clusters.map(({ name, server }) => [
        name,
        write(`${name}.kubeconfig`, kubeconfigOf(name, server.address)),
      ]),
    ),
  };
}

/** Lists replace each other in Backstage's configuration, so that no folder of manifests is left. */
export function configOf(clusters) {
  return {
    callgate: {
      estate: { manifests: [] },
      clusters: Object.fromEntries(
        clusters.map(({ name, server, token }) => [
          name,
          {
            url: server.address.url,
            serviceAccountToken: token,
            caData: base64(server.address.ca),
          },
        ]),
      ),
    },
  };
}

function kubeconfigOf(name, { url, token, ca }) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: { server: url, 'certificate-authority-data': base64(ca) },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name, context: { cluster: name, user: 'admin' } }],
    'current-context': name,
  };
}

const base64 = text => Buffer.from(text).toString('base64');
