import apiDocsPlugin from '@backstage/plugin-api-docs/alpha';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import catalogGraphPlugin from '@backstage/plugin-catalog-graph/alpha';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import signalsPlugin from '@backstage/plugin-signals/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import callgatePlugin from '@callgate/plugin-callgate/alpha';
import { graphModule } from './graph';
import { navModule } from './nav';
import { signInModule } from './signIn';
import { themeModule } from './theme';

/**
 * Everything that the portal shows, named one by one: discovery from
 * package.json swallows the errors of what it cannot load.
 */
export const features = [
  catalogPlugin,
  apiDocsPlugin,
  orgPlugin,
  catalogGraphPlugin,
  userSettingsPlugin,
  notificationsPlugin,
  signalsPlugin,
  callgatePlugin,
  navModule,
  graphModule,
  signInModule,
  themeModule,
];
