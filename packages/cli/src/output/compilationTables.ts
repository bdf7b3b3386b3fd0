import type { FailedApi, HeldGrant } from '@callgate/policy';
import type { FileState } from '../io/generatedFiles';
import type { TextTable } from './renderTable';

/** Files with what happened to them, and APIs for which nothing was generated. */
export function compilationTables(
  result: {
    files: readonly FileState[];
    failedApis: readonly Omit<FailedApi, 'findings'>[];
    held: readonly Omit<HeldGrant, 'findings'>[];
  },
  check: boolean,
): TextTable[] {
  return [
    {
      title: check ? 'Files (nothing was written)' : 'Files',
      header: ['state', 'file'],
      rows: result.files.map(({ state, path }) => [state, path]),
      whenEmpty: 'No files.',
    },
    ...(result.failedApis.length > 0
      ? [
          {
            title: 'Not generated',
            header: ['api', 'why'],
            rows: result.failedApis.map(({ api, reason, because }) => [
              api,
              reason === 'errors'
                ? 'its declaration has errors'
                : `runs on a workload together with ${because}, which has errors`,
            ]),
            whenEmpty: '',
          },
        ]
      : []),
    ...(result.held.length > 0
      ? [
          {
            title: 'Grants with errors, left out',
            header: ['api', 'grant', 'what it has'],
            rows: result.held.map(({ api, grantId, inForce }) => [
              api,
              grantId,
              inForce ? 'stays as it is in force' : 'nothing in force',
            ]),
            whenEmpty: '',
          },
        ]
      : []),
  ];
}
