import { useApi } from '@backstage/core-plugin-api';
import type {
  AccessRequest,
  NewAccessRequest,
} from '@callgate/plugin-callgate-common';
import { useRef, useState } from 'react';
import { callgateApiRef } from '../../api';

/** Sends a request once: a second attempt to send the same one carries the same key, so it never becomes two. */
export function useSend(onSent: (request: AccessRequest) => void) {
  const callgate = useApi(callgateApiRef);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<Error>();
  const attempt = useRef<{ body: string; key: string }>(undefined);

  const send = async (request: NewAccessRequest) => {
    const body = JSON.stringify(request);
    if (attempt.current?.body !== body) {
      attempt.current = { body, key: randomKey() };
    }
    setSending(true);
    setError(undefined);
    try {
      onSent(await callgate.createRequest(request, attempt.current.key));
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setSending(false);
    }
  };
  return { send, sending, error };
}

/** `crypto.randomUUID` is missing where a portal is served without TLS. */
function randomKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
