import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRow, EntityLabel } from '@callgate/plugin-callgate-common';
import { type ReactNode, useState } from 'react';
import { useText } from '../../translation';
import { EdgeTable, nameOf, quietText } from '../marks';

/** In an estate where nothing is closed yet these are all APIs there are. */
const FIRST = 10;

const useStyles = makeStyles(theme => ({
  root: { marginTop: theme.spacing(2), marginBottom: theme.spacing(1.5) },
  quiet: { color: quietText(theme), marginBottom: theme.spacing(1) },
}));

/** APIs that a caller can call because everyone can. */
export function OpenToEveryone(props: {
  caller: EntityLabel;
  rows: readonly AccessRow[];
  actions: (row: AccessRow) => ReactNode;
}) {
  const { caller, rows, actions } = props;
  const classes = useStyles();
  const t = useText();
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, FIRST);
  return (
    <div className={classes.root}>
      <Typography variant="subtitle2" component="h3">
        {t('calls.openToEveryone')}
      </Typography>
      <Typography variant="body2" className={classes.quiet}>
        {t('calls.openToEveryoneHelp', { caller: nameOf(t, caller) })}
      </Typography>
      <EdgeTable
        edges={shown}
        end="api"
        label={t('calls.openToEveryone')}
        actions={actions}
      />
      {shown.length < rows.length && (
        <Button size="small" color="primary" onClick={() => setAll(true)}>
          {t('calls.showAllOpen', { number: String(rows.length) })}
        </Button>
      )}
    </div>
  );
}
