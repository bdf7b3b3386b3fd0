import { describeRequests, type GrantAccess } from '@callgate/policy';
import type { GrantInfo, PolicyObject } from '@callgate/plugin-callgate-common';
import type { RowContext } from './accessRow';
import type { Discretion } from './Discretion';
import { toFinding } from './findings';

/** How a grant stands, in a sentence, and what stands in its way. What it says is about this grant alone. */
export function standingOf(
  { facts, discretion }: RowContext,
  access: GrantAccess,
): Pick<GrantInfo, 'status' | 'because' | 'refusedBy'> {
  const refusedBy = access.refused
    .flatMap(({ by }) => by)
    .map(({ cluster, generated, ...object }) => ({
      ...facts.object(cluster, object),
      generated,
    }))
    .filter(object => !discretion.hidesObject(object));
  return { ...sayStanding(access, refusedBy, discretion), refusedBy };
}

function sayStanding(
  { standing, findings, refused, unsupported }: GrantAccess,
  refusedBy: readonly PolicyObject[],
  discretion: Discretion,
): Pick<GrantInfo, 'status' | 'because'> {
  const error = findings[0] && toFinding(findings[0], discretion).message;
  switch (standing) {
    case 'effective':
      return { status: 'granted', because: '' };
    case 'unheld':
      return {
        status: 'granted',
        because:
          'Nothing holds it: the caller may call everything outside, with this grant and without it.',
      };
    case 'unsupported':
      return {
        status: 'unknown',
        because: discretion.everythingSeen
          ? `Cannot be enforced: ${unsupported[0].reason}`
          : 'Cannot be enforced.',
      };
    case 'held':
      return {
        status: 'unknown',
        because: `It has an error, so it is held: what it opened before stays as it is until it is corrected or ended.${
          error ? ` ${error}` : ''
        }`,
      };
    case 'unconfirmed':
      return {
        status: 'declared-not-effective',
        because:
          'Nothing is opened: the grant was not approved for what it stands for now.',
      };
    case 'error':
      return {
        status: 'declared-not-effective',
        because:
          error ??
          'Declared, but the declarations of this API do not compile: see the findings.',
      };
    case 'conditional':
      return {
        status: 'unknown',
        because: `Declared; whether it gets through depends on something that the manifests do not say (${describeRequests(
          refused[0].requests,
        )}).`,
      };
    default: {
      const by = refusedBy.map(({ kind, namespace, name }) =>
        namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`,
      );
      return {
        status: 'declared-not-effective',
        because: `Declared, but ${
          by.length > 0
            ? `${[...new Set(by)].join(', ')} refuses`
            : 'the manifests in Git refuse'
        } ${describeRequests(refused[0].requests)}.`,
      };
    }
  }
}
