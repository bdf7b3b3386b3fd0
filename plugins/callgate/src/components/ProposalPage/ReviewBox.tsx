import { LinkButton } from '@backstage/core-components';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import {
  type Capability,
  CALLGATE_LIMITS,
  type Proposal,
  type ReviewBody,
} from '@callgate/plugin-callgate-common';
import { useId, useRef, useState } from 'react';
import { hasErrorCode } from '../../api';
import { useText } from '../../translation';
import {
  CapabilityButton,
  forgeName,
  Panel,
  Problem,
  quietText,
} from '../marks';
import { MergeDialog } from './MergeDialog';
import type { Review } from './useReview';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  label: {
    display: 'block',
    marginBottom: theme.spacing(0.5),
    color: quietText(theme),
  },
  buttons: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
  },
  merge: {
    borderTop: `1px solid ${theme.palette.divider}`,
    paddingTop: theme.spacing(2),
  },
}));

/** Comment, approve, request changes and merge where the portal is where that is done. */
export function ReviewBox(props: { proposal: Proposal; review: Review }) {
  const { proposal, review } = props;
  const classes = useStyles();
  const t = useText();
  const commentId = useId();
  const commentRef = useRef<HTMLTextAreaElement>(null);
  const [merging, setMerging] = useState(false);
  const mayComment = proposal.review.allowed;
  const { merge } = proposal;
  // A reason that all buttons share is said once.
  const others: Capability = mayComment ? proposal.review : { allowed: false };
  const mayMerge: Capability =
    !mayComment && merge.reason === proposal.review.reason
      ? { allowed: false }
      : merge;
  const give = (decision: ReviewBody['decision']) => () => {
    if (!review.review(decision)) {
      commentRef.current?.focus();
    }
  };
  return (
    <Panel title={t('proposal.yourReview')}>
      <div className={classes.root}>
        {review.error && (
          <Problem
            title={
              hasErrorCode(review.error, 'head-changed')
                ? t('proposal.headChanged')
                : t('proposal.actionFailed')
            }
            error={review.error}
          />
        )}
        {mayComment && (
          <div>
            <Typography
              variant="caption"
              component="label"
              htmlFor={commentId}
              className={classes.label}
            >
              {t('proposal.commentLabel')}
            </Typography>
            <TextField
              id={commentId}
              variant="outlined"
              size="small"
              fullWidth
              multiline
              minRows={3}
              inputRef={commentRef}
              inputProps={{ maxLength: CALLGATE_LIMITS.reason }}
              placeholder={t('proposal.commentPlaceholder')}
              value={review.comment}
              error={review.commentMissing}
              helperText={review.commentMissing && t('proposal.needsComment')}
              onChange={event => review.setComment(event.target.value)}
            />
          </div>
        )}
        <div className={classes.buttons}>
          <CapabilityButton
            variant="outlined"
            color="primary"
            capability={proposal.review}
            disabled={review.busy}
            onClick={give('approved')}
          >
            {t('proposal.approve')}
          </CapabilityButton>
          <CapabilityButton
            color="primary"
            capability={others}
            disabled={review.busy}
            onClick={give('changes-requested')}
          >
            {t('proposal.requestChanges')}
          </CapabilityButton>
          <CapabilityButton
            color="primary"
            capability={others}
            disabled={review.busy}
            onClick={give('commented')}
          >
            {t('proposal.justComment')}
          </CapabilityButton>
        </div>
        {review.busy && (
          <Typography variant="body2">{t('proposal.busy')}</Typography>
        )}
        <div className={classes.merge}>
          <CapabilityButton
            variant="contained"
            color="primary"
            fullWidth
            capability={mayMerge}
            disabled={review.busy}
            onClick={() => setMerging(true)}
          >
            {t('proposal.merge')}
          </CapabilityButton>
        </div>
      </div>
      {merging && (
        <MergeDialog
          proposal={proposal}
          onClose={() => setMerging(false)}
          onMerge={() => {
            setMerging(false);
            review.merge();
          }}
        />
      )}
    </Panel>
  );
}

/** Where review and merge happen on a forge of its own: the way there. */
export function ForgeBox({ proposal }: { proposal: Proposal }) {
  const classes = useStyles();
  const t = useText();
  const forge = forgeName(proposal.forge);
  return (
    <Panel title={t('proposal.yourReview')}>
      <div className={classes.root}>
        <Typography variant="body2">
          {t('proposal.elsewhere', { forge })}
        </Typography>
        {proposal.url ? (
          <LinkButton variant="contained" color="primary" to={proposal.url}>
            {t('proposal.openElsewhere', { forge })}
          </LinkButton>
        ) : (
          <Typography variant="body2">{t('proposal.notThereYet')}</Typography>
        )}
      </div>
    </Panel>
  );
}
