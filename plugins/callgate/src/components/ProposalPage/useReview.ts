import { useApi } from '@backstage/core-plugin-api';
import type { Proposal, ReviewBody } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef, CallgateError } from '../../api';
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
}

/** Sends reviews and merges of a pull request. One that came too late reads the pull request again. */
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
          ...(text && { comment: text }),
        }),
        t('proposal.reviewed'),
      );
      return true;
    },
    merge: () =>
      send(callgate.mergeProposal(proposal.id), t('proposal.merged')),
  };
}
