import type { AuditorService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type {
  EstateAnswer,
  EstateIntake,
  EstatePush,
} from '@callgate/plugin-callgate-node';
import { subjectOf, type CallerCredentials } from '../services';

/** Names of files in one record. */
const MOST_NAMES = 50;

/**
 * Records who said what a cluster has: every message that names files, refused or not, who begins and who ends, and everybody
 * who may not. That an agent is still there is no event.
 */
export class AuditedPushes {
  constructor(private readonly auditor: Pick<AuditorService, 'createEvent'>) {}

  /** @throws what `intake` throws */
  async take(
    intake: EstateIntake,
    cluster: string,
    push: EstatePush,
    credentials: CallerCredentials,
  ): Promise<EstateAnswer> {
    const { session, base, files, texts, total, ends } = push;
    if (!files && !ends && base !== undefined)
      return intake.take(cluster, push);
    const event = await this.auditor.createEvent({
      eventId: 'estate-mutate',
      // A rollout is hundreds of messages; who sends changes seldom.
      severityLevel: base === undefined || ends ? 'medium' : 'low',
      meta: {
        actionType: actionOf(push),
        ...{ cluster, session, actor: subjectOf(credentials) },
        ...(files && {
          files: files.length,
          texts: texts?.length ?? 0,
          ...(total && { digest: total.digest }),
        }),
      },
    });
    try {
      const answer = await intake.take(cluster, push);
      await event.success({ meta: outcomeOf(push, answer) });
      return answer;
    } catch (error) {
      await event.fail({ error: error as Error });
      throw error;
    }
  }

  /** Somebody may not send what a cluster has. */
  async refused(
    cluster: string,
    credentials: CallerCredentials,
    error: Error,
  ): Promise<void> {
    const event = await this.auditor.createEvent({
      eventId: 'estate-mutate',
      severityLevel: 'medium',
      meta: { actionType: 'send', cluster, actor: subjectOf(credentials) },
    });
    await event.fail({ error });
  }
}

function actionOf({ base, ends }: EstatePush): string {
  if (ends) return 'end';
  return base === undefined ? 'begin' : 'send';
}

/** With the names of files whose texts were kept, which were checked before. */
function outcomeOf(
  { base, files = [], texts = [] }: EstatePush,
  { state, version, refused = [] }: EstateAnswer,
): JsonObject {
  const kept = state === 'other-base' ? [] : texts;
  const digests = new Set(kept.map(({ digest }) => digest));
  const without = refused.map(({ path }) => path);
  const names = files
    .filter(({ digest }) => digests.has(digest))
    .map(({ path }) => path)
    .filter(path => !without.includes(path));
  return {
    state,
    ...(base !== undefined && { before: base }),
    ...(version !== undefined && { version }),
    ...(names.length > 0 && { brought: names.slice(0, MOST_NAMES) }),
    ...(without.length > 0 && { refused: without.slice(0, MOST_NAMES) }),
  };
}
