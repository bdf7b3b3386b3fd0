import type { BackendFeature } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import localForge from '@callgate/plugin-callgate-backend-module-local';
import callgate from '@callgate/plugin-callgate-backend';
import type { Knex } from 'knex';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import module from '../index';

/** A portal, with a database that may be there before it and after. */
export interface RunningPortal {
  /** Where its backend answers. */
  url: string;
  stop(): Promise<void>;
}

/** The clusters of most tests, each with its agent. */
export const AGENTS = {
  prod: { agent: { subject: 'external:prod-agent' } },
  other: { agent: { subject: 'external:other-agent' } },
};

/** The token of an agent, as Backstage's test services know it. */
export function tokenOf(subject: string): string {
  return mockCredentials.service.token({
    onBehalfOf: mockCredentials.service(subject),
    targetPluginId: 'callgate',
  });
}

/** Starts a backend with Callgate, the local forge and the module. */
export async function startPortal(
  client: Knex,
  options: {
    clusters?: object;
    callgate?: object;
    backend?: object;
    features?: BackendFeature[];
  } = {},
): Promise<RunningPortal> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-portal-'));
  const data = {
    backend: options.backend ?? {},
    callgate: {
      dataDirectory: directory,
      policyRepository: { forge: 'local', url: 'local://policies' },
      clusters: options.clusters ?? AGENTS,
      ...options.callgate,
    },
  };
  const backend = await startTestBackend({
    features: [
      callgate,
      module,
      localForge,
      catalogServiceMock.factory({ entities: [] }),
      mockServices.database.mock({ getClient: async () => client }).factory,
      mockServices.rootConfig.factory({ data: data as never }),
      ...(options.features ?? []),
    ],
  });
  return {
    url: `http://127.0.0.1:${backend.server.port()}`,
    stop: async () => {
      await backend.stop();
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}
