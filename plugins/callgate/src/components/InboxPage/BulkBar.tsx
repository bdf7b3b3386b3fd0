import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRequestSummary } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { BulkDialog } from './BulkDialog';
import { MOST_PICKED } from './usePicking';

const useStyles = makeStyles(theme => ({
  root: {
    position: 'sticky',
    bottom: theme.spacing(2),
    zIndex: 2,
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    padding: theme.spacing(1, 2),
  },
  text: { marginRight: 'auto' },
}));

/** What is picked, and the way to decide on it together. Nothing while nothing is picked. */
export function BulkBar(props: {
  picked: readonly AccessRequestSummary[];
  onClear: () => void;
  /** Something was decided. */
  onDecided: () => void;
}) {
  const { picked, onClear, onDecided } = props;
  const classes = useStyles();
  const t = useText();
  // What is decided leaves the list; the dialog shows what became of it until it is closed.
  const [deciding, setDeciding] = useState<readonly AccessRequestSummary[]>();
  return (
    <>
      {picked.length > 0 && (
        <Paper
          elevation={4}
          role="region"
          aria-label={t('inbox.bulk.label')}
          className={classes.root}
        >
          <Typography
            variant="body2"
            aria-live="polite"
            className={classes.text}
          >
            {t('inbox.bulk.picked', { count: picked.length })}
            {picked.length === MOST_PICKED &&
              ` ${t('inbox.bulk.most', { number: String(MOST_PICKED) })}`}
          </Typography>
          <Button onClick={onClear}>{t('inbox.bulk.clear')}</Button>
          <Button
            variant="contained"
            color="primary"
            onClick={() => setDeciding(picked)}
          >
            {t('inbox.bulk.open')}
          </Button>
        </Paper>
      )}
      {deciding && (
        <BulkDialog
          requests={deciding}
          onDecided={onDecided}
          onClose={decided => {
            setDeciding(undefined);
            if (decided) onClear();
          }}
        />
      )}
    </>
  );
}
