import type {
  AccessRequest,
  CommentBody,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import type { CallerOptions, WriteOptions } from './AccessService';
import { checkText } from './checkText';
import { domainError } from './domainError';
import { parseRef } from './parseRef';
import { replayOf } from './Replays';
import type { RequestViews } from './RequestViews';
import type { ServiceParts } from './ServiceParts';

/** So many people and groups one comment tells at most. */
const MOST_MENTIONS = 10;

/** What people say about requests. Whoever may read one may say something about it. */
export class RequestComments {
  constructor(
    private readonly parts: ServiceParts,
    private readonly views: RequestViews,
  ) {}

  async add(
    request: StoredRequest,
    body: CommentBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { ownership, requests, notifier } = this.parts;
    const { credentials } = options;
    const person = await ownership.person(credentials);
    const { answered, idempotency } = await replayOf(
      requests,
      person.ref,
      options,
      { action: 'comment', id: request.id, body },
    );
    if (!answered) {
      const text = checkText(body.text, 'text');
      if (text === '') {
        throw domainError('reason-missing', 'text is missing: say something.');
      }
      const mentions = await this.#mentioned(body.mentions ?? [], credentials);
      await requests.comment(
        { requestId: request.id, by: person.ref, text, mentions },
        idempotency,
      );
      await notifier.commented(request, person.ref, mentions);
    }
    return this.views.request(request, credentials);
  }

  /** People and groups that the author may see: of what is hidden they do not learn whether it is there. */
  async #mentioned(
    refs: readonly string[],
    credentials: CallerOptions['credentials'],
  ): Promise<string[]> {
    const asked = [
      ...new Set(refs.map(ref => parseRef(ref, 'mentions', ['user', 'group']))),
    ];
    if (asked.length > MOST_MENTIONS) {
      throw domainError(
        'bad-mention',
        `mentions has ${asked.length} entries; name at most ${MOST_MENTIONS}.`,
      );
    }
    const unknown = await this.parts.labels.label(credentials, labelOf =>
      asked.filter(ref => labelOf(ref).state !== 'visible'),
    );
    if (unknown.length > 0) {
      throw domainError(
        'bad-mention',
        `There is no such person or group: ${unknown.join(', ')}.`,
      );
    }
    return asked;
  }
}
