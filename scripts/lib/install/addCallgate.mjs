import path from 'node:path';
import { documented, packagesToAdd } from './documented.mjs';
import { addDependency, addResolutions, edit, write } from './edit.mjs';

/**
 * Does in a new Backstage what docs/install.md says, with its code blocks.
 *
 * @param app - one of apps.mjs
 * @param host - folder of the app
 * @param options.tarballs - by the name of their package; in `resolutions`, they stand for a registry that has them
 */
export function addCallgate(app, host, { tarballs }) {
  addResolutions(
    host,
    Object.fromEntries(
      [...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]),
    ),
  );
  const commands = [
    documented('packages'),
    ...(app.policy ? [documented('policy-packages')] : []),
  ];
  for (const { folder, name } of commands.flatMap(packagesToAdd)) {
    addDependency(host, folder, name, `file:${tarballs.get(name)}`);
  }
  edit(path.join(host, 'packages/backend/src/index.ts'), text =>
    text.replace('backend.start();', `${documented('backend')}\n\n$&`),
  );
  app.addCallgate(host);
  write(host, 'app-config.local.yaml', documented('config'));
  write(host, 'callgate/policies/profiles/prod-eu.yaml', documented('profile'));
}
