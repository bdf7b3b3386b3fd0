import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ProposalRequest } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { LastDay, nameOf } from '../marks';

const useStyles = makeStyles(theme => ({
  list: {
    margin: theme.spacing(1.5, 0, 0),
    padding: 0,
    listStyle: 'none',
  },
}));

/** Until when what a pull request grants holds, for each grant of which a last day is set or taken away. */
export function LastDays(props: { requests: readonly ProposalRequest[] }) {
  const classes = useStyles();
  const t = useText();
  const told = props.requests.filter(({ until }) => until !== undefined);
  if (told.length === 0) {
    return null;
  }
  return (
    <ul className={classes.list} aria-label={t('proposal.lastDays')}>
      {told.map(({ id, caller, until }) => (
        <Typography component="li" variant="body2" key={id}>
          {t('proposal.lastDay', {
            caller: nameOf(t, caller),
            day: until ? <LastDay day={until} /> : t('proposal.noLastDay'),
          })}
        </Typography>
      ))}
    </ul>
  );
}
