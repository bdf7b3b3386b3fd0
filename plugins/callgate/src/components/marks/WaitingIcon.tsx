import MuiBadge from '@material-ui/core/Badge';
import { makeStyles } from '@material-ui/core/styles';
import GateIcon from '@material-ui/icons/VpnKey';
import { useWaiting, waitingTotal } from '../../hooks';
import { useText } from '../../translation';
import { useHiddenText } from './useHiddenText';

/** A larger number has no room. */
const MAX = 99;

const useStyles = makeStyles(theme => ({
  count: {
    minWidth: 16,
    height: 16,
    padding: theme.spacing(0, 0.5),
    fontSize: theme.typography.pxToRem(10),
    fontWeight: 700,
    fontVariantNumeric: 'tabular-nums',
  },
  // Drawn, and no text: a number in the text of a menu's entry would have to stand in its name as well.
  number: { '&::before': { content: 'attr(data-count)' } },
}));

/** The plugin's mark in the portal's menu, with how much waits for the reader. */
export function WaitingIcon() {
  const classes = useStyles();
  const hidden = useHiddenText();
  const t = useText();
  const total = waitingTotal(useWaiting()) ?? 0;
  return (
    <>
      <MuiBadge
        badgeContent={
          total > 0 && (
            <span
              className={classes.number}
              data-count={total > MAX ? `${MAX}+` : total}
            />
          )
        }
        invisible={total === 0}
        color="primary"
        overlap="rectangular"
        classes={{ badge: classes.count }}
        aria-hidden
      >
        <GateIcon fontSize="inherit" />
      </MuiBadge>
      {total > 0 && (
        <span className={hidden}>{t('inbox.iconCount', { count: total })}</span>
      )}
    </>
  );
}
