import { countLineChanges } from '@callgate/plugin-callgate-node';
import { loadManifests } from '@callgate/policy';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import type { ProposedFile } from './types';

/** Describes the files of a proposal, sorted: declarations first, then by path. */
export function proposedFiles(
  changes: ReadonlyMap<string, string | undefined>,
  repository: ReadonlyMap<string, string>,
  config: PolicyRepositoryConfig,
): ProposedFile[] {
  const files = [...changes].map(([path, after]): ProposedFile => {
    const before = repository.get(path);
    const changed = before === undefined ? 'added' : 'changed';
    return {
      path,
      status: after === undefined ? 'removed' : changed,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      ...countLineChanges(before ?? '', after ?? ''),
      kind: kindOf(path, after ?? before ?? '', config),
    };
  });
  const rank = ({ kind }: ProposedFile) => Number(kind !== 'declaration');
  return files.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}

function kindOf(
  path: string,
  text: string,
  config: PolicyRepositoryConfig,
): ProposedFile['kind'] {
  if (path.startsWith(`${config.policiesFolder}/`)) return 'declaration';
  const { objects } = loadManifests([{ path, text }]);
  if (objects.length === 0) return 'other';
  if (objects.every(({ object }) => object.kind === 'NetworkPolicy'))
    return 'kernel';
  const mesh = objects.every(({ object }) =>
    object.apiVersion.includes('.istio.io/'),
  );
  return mesh ? 'mesh' : 'other';
}
