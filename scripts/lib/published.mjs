/** Folders of the packages that other repositories install. */
export const PUBLISHED = [
  'packages/policy',
  'packages/cli',
  'packages/cluster-reader',
  'plugins/callgate',
  'plugins/callgate-backend',
  'plugins/callgate-backend-module-actions',
  'plugins/callgate-backend-module-github',
  'plugins/callgate-backend-module-kubernetes',
  'plugins/callgate-backend-module-local',
  'plugins/callgate-common',
  'plugins/callgate-node',
  'plugins/catalog-backend-module-callgate',
  'plugins/scaffolder-backend-module-callgate',
  'plugins/search-backend-module-callgate',
];
