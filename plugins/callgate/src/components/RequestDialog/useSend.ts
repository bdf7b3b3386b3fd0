import { useApi } from '@backstage/core-plugin-api';
import type {
  AccessRequest,
  NewAccessRequest,
  ReviseBody,
} from '@callgate/plugin-callgate-common';
import { useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { randomKey } from '../../hooks';

/** What is different, for who decides. */
interface Noted {
  note?: string;
}

/** Sends a request once: a second attempt to send the same one carries the same key, so it never becomes two. */
export function useSend(
  onSent: (request: AccessRequest) => void,
  revises?: AccessRequest,
) {
  const callgate = useApi(callgateApiRef);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<Error>();
  const attempt = useRef<{ body: string; key: string }>(undefined);

  const send = async ({ note, ...request }: NewAccessRequest & Noted) => {
    const body = JSON.stringify([request, note]);
    if (attempt.current?.body !== body) {
      attempt.current = { body, key: randomKey() };
    }
    setSending(true);
    setError(undefined);
    try {
      const { key } = attempt.current;
      onSent(
        revises
          ? await callgate.reviseRequest(
              revises.id,
              revisionOf(request, revises, note),
              key,
            )
          : await callgate.createRequest(request, key),
      );
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setSending(false);
    }
  };
  return { send, sending, error };
}

/** What a changed request asks for: all of it, so that nothing stays that the dialog does not show. */
function revisionOf(
  request: NewAccessRequest,
  { version }: AccessRequest,
  note: string | undefined,
): ReviseBody {
  const { operations, acknowledges, until, whenLast, reason, digest } = request;
  return {
    operations,
    in: request.in ?? [],
    acknowledges: acknowledges ?? [],
    ...(until !== undefined && { until }),
    ...(whenLast && { whenLast }),
    ...(reason !== undefined && { reason }),
    ...(note && { note }),
    digest,
    version,
  };
}
