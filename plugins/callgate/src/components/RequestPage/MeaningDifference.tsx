import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { EntityLabel, Meaning } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { MeaningCard, Panel, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  sides: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    gap: theme.spacing(3),
    marginTop: theme.spacing(2),
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  side: {
    fontSize: theme.typography.pxToRem(14),
    fontWeight: 600,
    marginBottom: theme.spacing(1),
  },
  quiet: { color: quietText(theme) },
  seen: { marginTop: theme.spacing(2) },
}));

/** What a request meant before, beside what it means now. */
export function MeaningDifference(props: {
  api: EntityLabel;
  title: string;
  /** What `before` was. */
  beforeTitle: string;
  before: Meaning;
  now: Meaning;
  /** Where somebody has to say that they have looked before they may decide. */
  onSeen?: () => void;
}) {
  const { api, title, beforeTitle, before, now, onSeen } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <Panel title={title}>
      <Typography variant="body2" className={classes.quiet}>
        {t('request.changedHelp')}
      </Typography>
      <div className={classes.sides}>
        <section>
          <Typography variant="h4" className={classes.side}>
            {beforeTitle}
          </Typography>
          <MeaningCard api={api} meaning={before} dense />
        </section>
        <section>
          <Typography variant="h4" className={classes.side}>
            {t('request.now')}
          </Typography>
          <MeaningCard api={api} meaning={now} dense />
        </section>
      </div>
      {onSeen && (
        <Button
          className={classes.seen}
          variant="outlined"
          color="primary"
          onClick={onSeen}
        >
          {t('request.lookedAt')}
        </Button>
      )}
    </Panel>
  );
}
