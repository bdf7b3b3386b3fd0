import { parseEntityRefText } from '@callgate/policy';
import { createHash } from 'node:crypto';

/**
 * The branch of an API's proposal: a function of its ref, so that an API has one proposal at a time and a retry finds
 * it. Names that Git would refuse are made to fit, with a digest that keeps two of them apart.
 */
export function branchOf(api: string): string {
  const parts = parseEntityRefText(api);
  const namespace = parts?.namespace ?? 'default';
  const name = parts?.name ?? api;
  return `callgate/${[namespace, name].map(fittingPart).join('/')}`;
}

/** A part of the name of a branch, as Git takes it. */
export function fittingPart(part: string): string {
  const safe = part
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .replace(/\.lock$/, '-lock')
    .slice(0, 60)
    .replace(/[.-]+$/, '');
  return safe === part
    ? safe
    : `${safe}-${createHash('sha256').update(part).digest('hex').slice(0, 8)}`;
}
