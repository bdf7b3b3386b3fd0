import { LinkButton } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ClaimSettlement } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import {
  CapabilityButton,
  EntityName,
  FileDiff,
  forgeName,
  MONO,
  quietText,
} from '../marks';
import type { Settle } from './useSettle';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1.5),
    minWidth: 0,
    borderTop: `1px solid ${theme.palette.divider}`,
    paddingTop: theme.spacing(2),
  },
  title: { fontWeight: 600 },
  quiet: { color: quietText(theme), overflowWrap: 'anywhere' },
  path: { fontFamily: MONO, fontSize: '0.95em' },
  diff: {
    minWidth: 0,
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    overflow: 'hidden',
  },
}));

/** The pull request that says whose a workload is: what it changes, and the merge or the way to it. */
export function SettlementBox(props: {
  settlement: ClaimSettlement;
  settle: Settle;
}) {
  const { settlement, settle } = props;
  const classes = useStyles();
  const t = useText();
  const { number, owner, branch, current, files, merge } = settlement;
  const total = String(number);
  return (
    <div className={classes.root}>
      <div>
        <Typography variant="body2" component="h4" className={classes.title}>
          {owner
            ? t('claims.pull', {
                number: total,
                owner: <EntityName entity={owner} plain />,
              })
            : t('claims.pullUnknown', { number: total })}
        </Typography>
        <Typography variant="caption" className={classes.quiet}>
          {t('claims.branch', { branch })}
        </Typography>
      </div>
      {!current && (
        <Typography variant="body2">{t('claims.outdated')}</Typography>
      )}
      {settle.changed && (
        <Typography variant="body2" role="alert">
          {t('claims.newer')}
        </Typography>
      )}
      {files.map(file =>
        file.after === undefined ? (
          <Typography key={file.path} variant="body2">
            {t('claims.secretFile', { path: file.path })}
          </Typography>
        ) : (
          <div key={file.path}>
            <Typography variant="caption" className={classes.path}>
              {file.path}
            </Typography>
            <div className={classes.diff}>
              <FileDiff file={file} />
            </div>
          </div>
        ),
      )}
      <Where settlement={settlement}>
        <CapabilityButton
          variant="contained"
          color="primary"
          capability={merge}
          disabled={settle.busy || !current}
          onClick={settle.merge}
        >
          {t('claims.merge')}
        </CapabilityButton>
      </Where>
    </div>
  );
}

/** Merging is done here, or on a forge of its own. */
function Where(props: { settlement: ClaimSettlement; children: JSX.Element }) {
  const { settlement, children } = props;
  const t = useText();
  if (settlement.reviewsInPortal) {
    return <div>{children}</div>;
  }
  return (
    <div>
      <Typography variant="body2" gutterBottom>
        {t('claims.elsewhere', { forge: forgeName(settlement.forge) })}
      </Typography>
      {settlement.url && (
        <LinkButton variant="contained" color="primary" to={settlement.url}>
          {t('claims.openElsewhere')}
        </LinkButton>
      )}
    </div>
  );
}
