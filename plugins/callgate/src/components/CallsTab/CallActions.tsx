import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRow } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { nameOf } from '../marks';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    flexDirection: 'column',
    alignItems: 'flex-end',
    '& button': { whiteSpace: 'nowrap' },
    [theme.breakpoints.down('sm')]: {
      flexDirection: 'row',
      // The words of the buttons stand in line with the row above.
      marginLeft: theme.spacing(-0.625),
    },
  },
}));

/** What can be done about one API that a caller can call: ask for what it has no grant for, or see why it is so. */
export function CallActions(props: {
  row: AccessRow;
  onExplain: () => void;
  onRequest: () => void;
}) {
  const { row, onExplain, onRequest } = props;
  const { api, caller, grants, mayRequest } = row;
  const classes = useStyles();
  const t = useText();
  if (api.state !== 'visible') {
    return null;
  }
  const name = nameOf(t, api);
  return (
    <span className={classes.root}>
      {grants.length === 0 && mayRequest && caller.state === 'visible' && (
        <Button
          size="small"
          color="primary"
          aria-label={t('calls.requestApi', { api: name })}
          onClick={onRequest}
        >
          {t('calls.request')}
        </Button>
      )}
      <Button
        size="small"
        color="primary"
        aria-label={t('calls.explainApi', { api: name })}
        onClick={onExplain}
      >
        {t('access.explain')}
      </Button>
    </span>
  );
}
