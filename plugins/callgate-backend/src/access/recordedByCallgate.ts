import type {
  AuditorService,
  AuthService,
} from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { StoredRequest } from '../database/AccessStore';

/**
 * What Callgate does with a request by itself is recorded like what people do, as done by the plugin.
 *
 * @param meta - what is done, to which request of which API
 */
export async function recordedByCallgate(
  services: {
    auditor: AuditorService;
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  },
  meta: JsonObject,
  act: () => Promise<StoredRequest>,
): Promise<StoredRequest> {
  const { auditor, auth } = services;
  const { principal } = await auth.getOwnServiceCredentials();
  const event = await auditor.createEvent({
    eventId: 'request-mutate',
    severityLevel: 'medium',
    meta: { ...meta, actor: principal.subject },
  });
  try {
    const done = await act();
    await event.success({ meta: { id: done.id, state: done.state } });
    return done;
  } catch (error) {
    await event.fail({ error: error as Error });
    throw error;
  }
}
