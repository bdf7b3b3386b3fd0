import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type {
  EstateIntake,
  EstateSource,
} from '@callgate/plugin-callgate-node';

/**
 * Said to everybody who may not send an estate, whether the cluster is there or not: who tries names learns nothing of
 * which there are.
 */
const REFUSED =
  'This token may not send what this cluster has. Whoever runs the portal says which one may: callgate.clusters has an entry for the cluster, whose agent.subject is the subject of that token in backend.auth.externalAccess, word for word.';

/** Where agents send what clusters have, as far as estate sources take it. */
export class EstateIntakes {
  static of(sources: readonly EstateSource[]): EstateIntakes {
    return new EstateIntakes(sources.flatMap(({ intake }) => intake ?? []));
  }

  private constructor(private readonly intakes: readonly EstateIntake[]) {}

  /**
   * Who takes the estate of a cluster from whoever comes with these credentials.
   *
   * @throws NotAllowedError for everybody but its agent, in the same words for a cluster that is not there
   */
  require(cluster: string, credentials: BackstageCredentials): EstateIntake {
    const subject = subjectIn(credentials);
    const intake =
      subject !== undefined &&
      this.intakes.find(each => each.maySend(cluster, subject));
    if (!intake) throw new NotAllowedError(REFUSED);
    return intake;
  }

  /** Is it the agent of a cluster, who may send its estate and nothing else? */
  isAgent(credentials: BackstageCredentials): boolean {
    const subject = subjectIn(credentials);
    return (
      subject !== undefined &&
      this.intakes.some(intake => intake.isAgent(subject))
    );
  }
}

/** Of a program; people have none. */
function subjectIn({ principal }: BackstageCredentials): string | undefined {
  const { type, subject } = principal as { type?: string; subject?: unknown };
  return type === 'service' && typeof subject === 'string'
    ? subject
    : undefined;
}
