import { useApi } from '@backstage/core-plugin-api';
import type {
  AccessRequest,
  NewAccessRequest,
} from '@callgate/plugin-callgate-common';
import { useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { randomKey } from '../../hooks';
import type { CallerOption } from './callerOptions';

/** What became of the request for one caller; neither: it is on its way. */
export interface SentOne {
  caller: CallerOption;
  request?: AccessRequest;
  error?: Error;
}

/**
 * Sends a request for each of several callers. One that fails stops no other. A second attempt to send the same one carries the same
 * key, so it never becomes two.
 */
export function useSendSeveral() {
  const callgate = useApi(callgateApiRef);
  const [results, setResults] = useState<readonly SentOne[]>();
  const [sent, setSent] = useState<readonly AccessRequest[]>([]);
  const keys = useRef(new Map<string, string>());

  const sendOne = async (
    request: NewAccessRequest,
  ): Promise<Omit<SentOne, 'caller'>> => {
    const body = JSON.stringify(request);
    const key = keys.current.get(body) ?? randomKey();
    keys.current.set(body, key);
    try {
      return { request: await callgate.createRequest(request, key) };
    } catch (error) {
      return {
        error: error instanceof Error ? error : new Error(String(error)),
      };
    }
  };
  const send = async (
    all: readonly { caller: CallerOption; request: NewAccessRequest }[],
  ) => {
    setResults(all.map(({ caller }) => ({ caller })));
    for (const { caller, request } of all) {
      const result = await sendOne(request);
      const { request: made } = result;
      // An answer to a second attempt may be the request that the first one made.
      if (made)
        setSent(before => [...before.filter(({ id }) => id !== made.id), made]);
      setResults(before =>
        before?.map(each =>
          each.caller.ref === caller.ref ? { caller, ...result } : each,
        ),
      );
    }
  };
  return {
    send,
    /** Whether something was tried already: what is tried again goes this way, by its key. */
    isTried: keys.current.size > 0,
    /** Absent until something is sent, and again after `clear`. */
    results,
    /** Whether some are on their way. */
    sending: (results ?? []).some(({ request, error }) => !request && !error),
    /** Every request that was sent; what was cleared stays sent. */
    sent,
    clear: () => setResults(undefined),
  };
}
