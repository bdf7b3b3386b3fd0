import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  OutsideClaims,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Panel, quietText } from '../marks';
import { Claimants } from './Claimants';
import { Stated } from './ClaimPanel';
import { LineByHand } from './LineByHand';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), minWidth: 0 },
  item: {
    display: 'grid',
    gap: theme.spacing(0.5),
    marginTop: theme.spacing(2),
    overflowWrap: 'anywhere',
  },
  title: { fontSize: theme.typography.body2.fontSize, fontWeight: 600 },
  quiet: { color: quietText(theme) },
  summary: {
    cursor: 'pointer',
    fontSize: theme.typography.pxToRem(16),
    fontWeight: 600,
  },
}));

/** Claims outside the clusters that do not hold: which line settles each. */
export function OutsidePanel({ claims }: { claims: readonly OutsideClaims[] }) {
  const classes = useStyles();
  const t = useText();
  return (
    <Panel title={t('claims.outside')} count={claims.length}>
      <Typography variant="body2" className={classes.quiet}>
        {t('claims.outsideHelp')}
      </Typography>
      {claims.map(({ kind, target, parties, line }) => (
        <div key={`${kind} ${target}`} className={classes.item}>
          <Typography variant="h4" className={classes.title}>
            {t(`claims.outsideKind.${kind}`)} {target}
          </Typography>
          <Claimants parties={parties} />
          <LineByHand
            line={line}
            where={t('claims.byHandAny', { field: 'addresses' })}
          />
        </div>
      ))}
    </Panel>
  );
}

/** Refused claims, folded: they bind nothing, and somebody says whose each workload is. */
export function RefusedPanel({ claims }: { claims: readonly WorkloadClaim[] }) {
  const classes = useStyles();
  const t = useText();
  return (
    <Panel>
      <details>
        <summary className={classes.summary}>
          {t('claims.refused', { count: claims.length })}
        </summary>
        <Typography variant="body2" className={classes.quiet}>
          {t('claims.refusedHelp')}
        </Typography>
        {claims.map(claim => (
          <div
            key={`${claim.cluster} ${claim.workload}`}
            className={classes.item}
          >
            <Typography variant="h3" className={classes.title}>
              {t('claims.where', claim)}
            </Typography>
            <Stated claim={claim} />
            <Claimants parties={claim.parties} />
            {claim.settle.reason && (
              <Typography variant="caption" className={classes.quiet}>
                {claim.settle.reason}
              </Typography>
            )}
          </div>
        ))}
      </details>
    </Panel>
  );
}
