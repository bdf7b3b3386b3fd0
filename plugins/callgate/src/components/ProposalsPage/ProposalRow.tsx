import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ProposalSummary } from '@callgate/plugin-callgate-common';
import { proposalRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  accentText,
  nameOf,
  ProposalStateChip,
  quietGround,
  quietText,
  TimeAgo,
} from '../marks';

const useStyles = makeStyles(theme => ({
  row: {
    position: 'relative',
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr) 176px',
    gap: theme.spacing(1, 2),
    alignItems: 'start',
    padding: theme.spacing(1.5, 1),
    margin: theme.spacing(0, -1),
    borderRadius: theme.shape.borderRadius,
    '&:hover, &:focus-within': { backgroundColor: quietGround(theme) },
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  link: {
    color: accentText(theme),
    fontWeight: 600,
    overflowWrap: 'anywhere',
    '&::after': {
      content: '""',
      position: 'absolute',
      inset: 0,
      borderRadius: theme.shape.borderRadius,
    },
    '&:focus-visible': { outline: 'none' },
    '&:focus-visible::after': { outline: `2px solid ${accentText(theme)}` },
  },
  quiet: {
    color: quietText(theme),
    overflowWrap: 'anywhere',
    fontVariantNumeric: 'tabular-nums',
  },
}));

/** One pull request in a list: what it is, where it stands, whom it waits for. */
export function ProposalRow({ proposal }: { proposal: ProposalSummary }) {
  const classes = useStyles();
  const t = useText();
  const route = useOptionalRouteRef(proposalRouteRef);
  const {
    id,
    number,
    title,
    state,
    waitsFor,
    problem,
    requests,
    updatedAt,
    api,
  } = proposal;
  const name = number === undefined ? title : `${title} #${number}`;
  return (
    <div className={classes.row}>
      <div>
        <Typography variant="body2" component="div">
          {route ? (
            <Link to={route({ id })} className={classes.link}>
              {name}
            </Link>
          ) : (
            <strong>{name}</strong>
          )}
        </Typography>
        <Typography variant="caption" component="div" className={classes.quiet}>
          {requests.length === 0
            ? nameOf(t, api)
            : requests.map(({ summary }) => summary).join(' · ')}
        </Typography>
      </div>
      <div>
        <ProposalStateChip state={state} />
        <Typography variant="caption" component="div" className={classes.quiet}>
          {problem || waitsFor}
        </Typography>
      </div>
      <Typography variant="caption" component="div" className={classes.quiet}>
        {t('proposals.requests', { count: requests.length })},{' '}
        <TimeAgo at={updatedAt} />
      </Typography>
    </div>
  );
}
