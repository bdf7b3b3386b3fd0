import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { checkRepositoryPath } from '@callgate/plugin-callgate-node';

/** Where the policy repository is and how it is laid out. Folders have no trailing slash. */
export interface PolicyRepositoryConfig {
  /** Id of the forge. */
  forge: string;
  url: string;
  /** The target branch of proposals. */
  branch: string;
  policiesFolder: string;
  manifestsFolder: string;
  profilesFolder: string;
  /** The platform team's rules; there may be none. */
  guardrailsFile: string;
  /** Rules of who approves; there may be none. */
  approvalsFile: string;
  /** Whom pull requests ask for review: logins, or `team:<slug>`. */
  reviewers: string[];
}

/** Reads `callgate.policyRepository`. */
export function readPolicyRepositoryConfig(
  root: Config,
): PolicyRepositoryConfig {
  const config = root.getConfig('callgate.policyRepository');
  const folder = (key: string, otherwise: string) => {
    const value = (config.getOptionalString(key) ?? otherwise).replace(
      /\/+$/,
      '',
    );
    return checkRepositoryPath(value);
  };
  const read: PolicyRepositoryConfig = {
    forge: config.getOptionalString('forge') ?? 'local',
    url: config.getOptionalString('url') ?? '',
    branch: config.getOptionalString('branch') ?? 'main',
    policiesFolder: folder('policiesFolder', 'policies'),
    manifestsFolder: folder('manifestsFolder', 'clusters'),
    profilesFolder: folder('profilesFolder', 'profiles'),
    guardrailsFile: checkRepositoryPath(
      config.getOptionalString('guardrailsFile') ?? 'guardrails.yaml',
    ),
    approvalsFile: checkRepositoryPath(
      config.getOptionalString('approvalsFile') ?? 'approvals.yaml',
    ),
    reviewers: config.getOptionalStringArray('reviewers') ?? [],
  };
  const folders = [
    read.policiesFolder,
    read.manifestsFolder,
    read.profilesFolder,
  ];
  const nested = folders.some((one, at) =>
    folders.some(
      (other, index) => index !== at && `${other}/`.startsWith(`${one}/`),
    ),
  );
  if (nested) {
    throw new InputError(
      `callgate.policyRepository: the folders ${folders.join(
        ', ',
      )} must not lie inside each other`,
    );
  }
  for (const key of ['guardrailsFile', 'approvalsFile'] as const) {
    const holder = folders.find(each => read[key].startsWith(`${each}/`));
    if (holder !== undefined) {
      throw new InputError(
        `callgate.policyRepository: ${key} ${read[key]} must not lie in the folder ${holder}, which is for other files`,
      );
    }
  }
  if (read.guardrailsFile === read.approvalsFile) {
    throw new InputError(
      `callgate.policyRepository: guardrailsFile and approvalsFile are both ${read.approvalsFile}`,
    );
  }
  return read;
}
