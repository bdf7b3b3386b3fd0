import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { GrantPage } from '@callgate/plugin-callgate-common';
import { useId } from 'react';
import { useText } from '../../translation';
import { GRANT_KINDS, type GrantKind } from '../../draft';
import { quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  buttons: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
  reason: { color: quietText(theme), marginTop: theme.spacing(1) },
}));

/** Change, renew, end: what the reader may not do is there, disabled, with the reason below, each reason once. */
export function GrantActions(props: {
  grant: GrantPage;
  onAsk: (kind: GrantKind, grant: GrantPage) => void;
}) {
  const { grant, onAsk } = props;
  const classes = useStyles();
  const t = useText();
  const reasonsId = useId();
  const refused = GRANT_KINDS.filter(kind => !grant[kind].allowed);
  const reasons = [
    ...new Set(refused.flatMap(kind => grant[kind].reason ?? [])),
  ];
  return (
    <>
      <div className={classes.buttons}>
        {GRANT_KINDS.map(kind => {
          const { allowed, reason } = grant[kind];
          return (
            <Button
              key={kind}
              variant="outlined"
              disabled={!allowed}
              aria-describedby={
                allowed || reason === undefined
                  ? undefined
                  : `${reasonsId}-${reasons.indexOf(reason)}`
              }
              onClick={() => onAsk(kind, grant)}
            >
              {t(`grants.${kind}`)}
            </Button>
          );
        })}
      </div>
      {reasons.map((reason, index) => (
        <Typography
          key={reason}
          id={`${reasonsId}-${index}`}
          variant="body2"
          className={classes.reason}
        >
          {reason}
        </Typography>
      ))}
    </>
  );
}
