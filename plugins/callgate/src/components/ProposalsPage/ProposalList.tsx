import { makeStyles } from '@material-ui/core/styles';
import type { ProposalSummary } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { ProposalRow } from './ProposalRow';

const useStyles = makeStyles(theme => ({
  root: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& > li + li': { borderTop: `1px solid ${theme.palette.divider}` },
  },
}));

/** Pull requests, one below the other. */
export function ProposalList(props: { proposals: readonly ProposalSummary[] }) {
  const classes = useStyles();
  const t = useText();
  return (
    <ul className={classes.root} aria-label={t('proposals.label')}>
      {props.proposals.map(proposal => (
        <li key={proposal.id}>
          <ProposalRow proposal={proposal} />
        </li>
      ))}
    </ul>
  );
}
