import { createBackend } from '@backstage/backend-defaults';
import { stringifyError } from '@backstage/errors';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-github-provider'));
backend.add(import('./auth'));

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
backend.add(import('./catalog'));
backend.add(import('@callgate/plugin-catalog-backend-module-callgate'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('./permission'));

backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-user-settings-backend'));

backend.add(import('@callgate/plugin-callgate-backend'));
backend.add(import('@callgate/plugin-callgate-backend-module-local'));
backend.add(import('@callgate/plugin-callgate-backend-module-github'));
// Reads nothing without `callgate.clusters`.
backend.add(import('@callgate/plugin-callgate-backend-module-kubernetes'));

// Without this, a backend that refused to start would go on serving what had started already.
backend.start().catch(error => {
  process.stderr.write(
    `\nThe backend did not start.\n${stringifyError(error)}\n`,
  );
  process.exit(1);
});
