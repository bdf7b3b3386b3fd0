import { makeStyles } from '@material-ui/core/styles';
import type { RequestRisk } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Badge } from '../marks';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
}));

/** What makes a request worth a second look; "read only" when nothing does. */
export function RiskMarks(props: {
  risk: RequestRisk;
  /** The access ends: what could be done with it is no risk of the request. */
  ends?: boolean;
}) {
  const { risk, ends = false } = props;
  const { writesAssumed, flips, findings } = risk;
  const everything = risk.everything && !ends;
  const writes = risk.writes && !ends;
  const classes = useStyles();
  const t = useText();
  return (
    <ul className={classes.root}>
      {flips && (
        <li>
          <Badge tone="bad">{t('inbox.risk.flips')}</Badge>
        </li>
      )}
      {everything && (
        <li>
          <Badge tone="warn">{t('inbox.risk.everything')}</Badge>
        </li>
      )}
      {writes && !everything && (
        <li>
          <Badge tone="warn">
            {t(writesAssumed ? 'inbox.risk.mayWrite' : 'inbox.risk.writes')}
          </Badge>
        </li>
      )}
      {findings > 0 && (
        <li>
          <Badge tone="warn">
            {t('inbox.risk.findings', { count: findings })}
          </Badge>
        </li>
      )}
      {!ends && !writes && !everything && (
        <li>
          <Badge tone="quiet">{t('inbox.readOnly')}</Badge>
        </li>
      )}
    </ul>
  );
}
