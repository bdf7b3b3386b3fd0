import { useApi } from '@backstage/core-plugin-api';
import type {
  Proposal,
  ProposalObjection,
  ReviewBody,
} from '@callgate/plugin-callgate-common';
import { useEffect, useRef, useState } from 'react';
import { callgateApiRef, CallgateError, hasErrorCode } from '../../api';
import type { Loaded } from '../../hooks';
import { useText } from '../../translation';

/** A review that a person is about to give, and the merge. */
export interface Review {
  comment: string;
  setComment: (comment: string) => void;
  /** Whether changes were requested, or a comment given, without a word. */
  commentMissing: boolean;
  busy: boolean;
  error?: Error;
  /** What was done last, for live regions. */
  done?: string;
  /** `false`: a comment is missing, nothing was sent. */
  review: (decision: ReviewBody['decision']) => boolean;
  merge: () => void;
  /** @param reason - needed for the objection of somebody else */
  takeBack: (objection: ProposalObjection, reason: string) => void;
  /** Whether the page has another version than the one that the reader began with, and nothing has told them yet. */
  changed: boolean;
}

/**
 * Sends reviews and merges of the version that the reader began with. A page keeps itself up to date, so that may be older
 * than what it shows by now: then the answer says what changed, and from there on it is the version that is shown.
 */
export function useReview(
  proposal: Proposal,
  loaded: Loaded<Proposal>,
): Review {
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const [comment, setComment] = useState('');
  const [state, setState] = useState<
    Pick<Review, 'commentMissing' | 'busy' | 'error' | 'done'>
  >({
    commentMissing: false,
    busy: false,
  });

  const [read, setRead] = useState(proposal.head);
  const told = useRef(false);
  useEffect(() => {
    const readAgain = told.current;
    told.current = false;
    setRead(before =>
      before === undefined || readAgain ? proposal.head : before,
    );
  }, [proposal]);
  const head = read ?? '';

  const send = (answer: Promise<Proposal>, done: string) => {
    setState({ commentMissing: false, busy: true });
    answer.then(
      result => {
        loaded.replace(result);
        setComment('');
        setState({ commentMissing: false, busy: false, done });
      },
      (error: Error) => {
        setState({ commentMissing: false, busy: false, error });
        if (error instanceof CallgateError && error.status === 409) {
          told.current = hasErrorCode(error, 'head-changed');
          loaded.reload();
        }
      },
    );
  };

  return {
    ...state,
    comment,
    setComment: text => {
      setComment(text);
      setState(previous => ({ ...previous, commentMissing: false }));
    },
    review: decision => {
      const text = comment.trim();
      if (decision !== 'approved' && text === '') {
        setState({ commentMissing: true, busy: false });
        return false;
      }
      send(
        callgate.reviewProposal(proposal.id, {
          decision,
          head,
          ...(text && { comment: text }),
        }),
        t('proposal.reviewed'),
      );
      return true;
    },
    merge: () =>
      send(callgate.mergeProposal(proposal.id, { head }), t('proposal.merged')),
    takeBack: ({ id }, reason) =>
      send(
        callgate.reviewProposal(proposal.id, {
          decision: 'withdrawn',
          objection: id,
          head,
          ...(reason && { comment: reason }),
        }),
        t('proposal.tookItBack'),
      ),
    changed: read !== undefined && read !== proposal.head,
  };
}
