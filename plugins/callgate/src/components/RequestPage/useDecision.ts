import { useApi } from '@backstage/core-plugin-api';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef, CallgateError } from '../../api';
import type { Loaded } from '../../hooks';
import { useText } from '../../translation';

/** What a person can do with a request. */
export type DecisionKind = 'approve' | 'reject' | 'withdraw';

/** The decision that a person is about to make. */
export interface Decision {
  note: string;
  setNote: (note: string) => void;
  /** Whether a rejection was tried without saying why. */
  noteMissing: boolean;
  busy: boolean;
  /** What went wrong, other than that the request changed. */
  error?: Error;
  /** What was refused because the request had changed meanwhile: the backend's own words. */
  conflict?: string;
  /** What was done last, for live regions. */
  done?: string;
  /** Approving covers exactly the meaning and version that are shown. `false`: a note is missing, nothing was sent. */
  decide: (kind: DecisionKind) => boolean;
}

/** Sends decisions on a request. One that came too late reads the request again instead of insisting. */
export function useDecision(
  request: AccessRequest,
  loaded: Loaded<AccessRequest>,
): Decision {
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const [note, setNote] = useState('');
  const [state, setState] = useState<
    Pick<Decision, 'noteMissing' | 'busy' | 'error' | 'conflict' | 'done'>
  >({
    noteMissing: false,
    busy: false,
  });

  const send = (kind: DecisionKind): Promise<AccessRequest> => {
    const { id, version, digest, currentDigest = digest } = request;
    const text = note.trim();
    switch (kind) {
      case 'approve':
        return callgate.approveRequest(id, {
          digest: currentDigest,
          version,
          ...(text && { note: text }),
        });
      case 'reject':
        return callgate.rejectRequest(id, { reason: text, version });
      default:
        return callgate.withdrawRequest(id, {
          version,
          ...(text && { reason: text }),
        });
    }
  };

  const decide = (kind: DecisionKind) => {
    if (kind === 'reject' && note.trim() === '') {
      setState({ noteMissing: true, busy: false });
      return false;
    }
    setState({ noteMissing: false, busy: true });
    send(kind).then(
      result => {
        loaded.replace(result);
        setNote('');
        setState({
          noteMissing: false,
          busy: false,
          done:
            kind === 'approve' && result.state === 'submitted'
              ? t('request.done.approvePart', { waitsFor: result.waitsFor })
              : t(`request.done.${kind}`),
        });
      },
      (error: Error) => {
        const conflict = error instanceof CallgateError && error.status === 409;
        setState({
          noteMissing: false,
          busy: false,
          ...(conflict ? { conflict: error.message } : { error }),
        });
        if (conflict) {
          loaded.reload();
        }
      },
    );
    return true;
  };

  return {
    ...state,
    note,
    setNote: text => {
      setNote(text);
      setState(previous => ({ ...previous, noteMissing: false }));
    },
    decide,
  };
}
