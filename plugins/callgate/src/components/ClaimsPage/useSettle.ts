import { useApi } from '@backstage/core-plugin-api';
import type { WorkloadClaim } from '@callgate/plugin-callgate-common';
import { useEffect, useRef, useState } from 'react';
import { callgateApiRef, CallgateError, hasErrorCode } from '../../api';

/** What somebody is about to do about one claim. */
export interface Settle {
  busy: boolean;
  error?: Error;
  /** Whether the pull request that is shown is another one than the reader began with, and nothing has told them yet. */
  changed: boolean;
  prepare: (owner: string) => void;
  merge: () => void;
}

/**
 * Prepares and merges. A page keeps itself up to date, so the pull request that is shown may be newer than what its reader has
 * read: then the merge is of what they have read, and the answer says that it has changed.
 */
export function useSettle(
  claim: WorkloadClaim,
  done: {
    prepared: (claim: WorkloadClaim) => void;
    merged: (claim: WorkloadClaim) => void;
    reload: () => void;
  },
): Settle {
  const callgate = useApi(callgateApiRef);
  const [state, setState] = useState<Pick<Settle, 'busy' | 'error'>>({
    busy: false,
  });
  const head = claim.settlement?.head;
  const [read, setRead] = useState(head);
  const told = useRef(false);
  useEffect(() => {
    const readAgain = told.current;
    told.current = false;
    setRead(before => (before === undefined || readAgain ? head : before));
  }, [claim, head]);

  const send = (
    answer: Promise<WorkloadClaim>,
    then: (claim: WorkloadClaim) => void,
  ) => {
    setState({ busy: true });
    answer.then(
      result => {
        setState({ busy: false });
        told.current = true;
        then(result);
      },
      (error: Error) => {
        setState({ busy: false, error });
        if (error instanceof CallgateError && error.status === 409) {
          told.current = hasErrorCode(error, 'head-changed');
          done.reload();
        }
      },
    );
  };

  return {
    ...state,
    changed: read !== undefined && head !== undefined && read !== head,
    prepare: owner =>
      send(callgate.settleClaim(claim, { owner }), done.prepared),
    merge: () =>
      send(callgate.mergeClaim(claim, { head: read ?? '' }), done.merged),
  };
}
