import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Waiting } from '../../hooks';
import { proposalsRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { ClaimsLink } from '../ClaimsPage';
import { accentText, Panel, Problem } from '../marks';
import { ProposalList } from '../ProposalsPage';

const useStyles = makeStyles(theme => ({
  link: { color: accentText(theme) },
}));

/** What waits for the platform team beside requests: pull requests to merge, and workloads whose owner is contested. For others nothing. */
export function WaitingForMerge(props: {
  waiting: Waiting & { reload: () => void };
}) {
  const { proposals, proposalsError, claims, reload } = props.waiting;
  const classes = useStyles();
  const t = useText();
  const allRoute = useOptionalRouteRef(proposalsRouteRef);
  if (proposalsError) {
    return (
      <Problem
        title={t('proposals.failed')}
        error={proposalsError}
        retry={reload}
      />
    );
  }
  const { items = [], total = 0 } = proposals ?? {};
  return (
    <>
      {Boolean(claims) && <ClaimsLink contested={claims} />}
      {items.length > 0 && (
        <Panel
          title={t('inbox.toMerge')}
          count={total}
          actions={
            total > items.length &&
            allRoute && (
              <Typography variant="body2">
                <Link to={allRoute()} className={classes.link}>
                  {t('inbox.allToMerge')}
                </Link>
              </Typography>
            )
          }
        >
          <ProposalList proposals={items} />
        </Panel>
      )}
    </>
  );
}
