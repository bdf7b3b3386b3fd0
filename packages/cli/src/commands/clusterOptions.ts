import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Credentials } from '@callgate/cluster-reader';
import { UsageError } from '../UsageError';

/** How a command reaches a cluster. */
export interface ClusterOptions {
  kubeconfig?: string;
  context?: string;
}

/** `--kubeconfig`, the same for every command that asks a cluster. */
export function kubeconfigOption(): Option {
  return new Option(
    '--kubeconfig <file>',
    'a kubeconfig with a token or a certificate; without it, the account of the pod',
  );
}

/** `--context`, the same for every command that asks a cluster. */
export function contextOption(): Option {
  return new Option(
    '--context <name>',
    'a context of the kubeconfig (default: its current one)',
  );
}

/** Who asks the cluster: a kubeconfig, or the account of the pod that this runs in. */
export function credentialsOf(
  { kubeconfig, context }: ClusterOptions,
  cwd: string,
): Credentials {
  if (kubeconfig === undefined) {
    if (context !== undefined)
      throw new UsageError('--context needs --kubeconfig, whose context it is');
    return { type: 'in-cluster' };
  }
  return {
    type: 'kubeconfig',
    file: resolve(cwd, kubeconfig),
    ...(context !== undefined && { context }),
  };
}
