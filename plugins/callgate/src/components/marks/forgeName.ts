const NAMES: { [id: string]: string } = {
  github: 'GitHub',
  gitlab: 'GitLab',
  gitea: 'Gitea',
  bitbucket: 'Bitbucket',
  azure: 'Azure DevOps',
};

/** What people call a forge. */
export function forgeName(id: string): string {
  return NAMES[id] ?? id;
}
