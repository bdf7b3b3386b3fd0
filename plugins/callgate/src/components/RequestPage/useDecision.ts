import { useApi } from '@backstage/core-plugin-api';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef, CallgateError } from '../../api';
import type { Loaded } from '../../hooks';
import { type Text, useText } from '../../translation';
import { isDecidedAfterwards } from '../marks';

/** What a person can do with a request. */
export type DecisionKind = 'approve' | 'reject' | 'askChange' | 'withdraw';

/** Decisions that say why. */
type Reasoned = 'reject' | 'askChange';

/** The decision that a person is about to make. */
export interface Decision {
  note: string;
  setNote: (note: string) => void;
  /** What was tried without saying why. */
  noteMissing?: Reasoned;
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

function doneText(
  t: Text,
  kind: DecisionKind,
  before: AccessRequest,
  result: AccessRequest,
): string {
  const afterwards = isDecidedAfterwards(before);
  if (
    kind === 'approve' &&
    (result.state === 'submitted' || isDecidedAfterwards(result))
  ) {
    return t('request.done.approvePart', { waitsFor: result.waitsFor });
  }
  return afterwards && (kind === 'approve' || kind === 'reject')
    ? t(`glass.done.${kind}`)
    : t(`request.done.${kind}`);
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
  >({ busy: false });

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
      case 'askChange':
        return callgate.askChange(id, { note: text, version });
      default:
        return callgate.withdrawRequest(id, {
          version,
          ...(text && { reason: text }),
        });
    }
  };

  const decide = (kind: DecisionKind) => {
    if ((kind === 'reject' || kind === 'askChange') && note.trim() === '') {
      setState({ noteMissing: kind, busy: false });
      return false;
    }
    setState({ busy: true });
    send(kind).then(
      result => {
        loaded.replace(result);
        setNote('');
        setState({
          busy: false,
          done: doneText(t, kind, request, result),
        });
      },
      (error: Error) => {
        const conflict = error instanceof CallgateError && error.status === 409;
        setState({
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
      setState(previous => ({ ...previous, noteMissing: undefined }));
    },
    decide,
  };
}
