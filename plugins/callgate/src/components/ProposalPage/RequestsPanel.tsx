import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ProposalRequest } from '@callgate/plugin-callgate-common';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { accentText, Panel, StateChip } from '../marks';
import { useListStyles } from './useListStyles';

const useStyles = makeStyles(theme => ({
  link: { color: accentText(theme), fontWeight: 600, overflowWrap: 'anywhere' },
}));

/** The requests that the pull request carries. */
export function RequestsPanel({
  requests,
}: {
  requests: readonly ProposalRequest[];
}) {
  const classes = useStyles();
  const list = useListStyles();
  const t = useText();
  const route = useOptionalRouteRef(requestRouteRef);
  if (requests.length === 0) {
    return <></>;
  }
  return (
    <Panel title={t('proposal.requests')} count={requests.length}>
      <ul className={list.list}>
        {requests.map(({ id, summary, state }) => (
          <li key={id}>
            <Typography variant="body2" component="div">
              {route ? (
                <Link to={route({ id })} className={classes.link}>
                  {summary}
                </Link>
              ) : (
                summary
              )}
            </Typography>
            <StateChip state={state} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
