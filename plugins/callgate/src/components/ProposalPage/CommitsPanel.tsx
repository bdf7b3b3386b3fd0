import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ProposalCommit } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { MONO, Panel, quietText, TimeAgo } from '../marks';
import { useListStyles } from './useListStyles';

const useStyles = makeStyles(theme => ({
  message: { overflowWrap: 'anywhere' },
  quiet: { color: quietText(theme) },
  id: { fontFamily: MONO },
}));

/** The commits on the branch, by their first lines. */
export function CommitsPanel({
  commits,
}: {
  commits: readonly ProposalCommit[];
}) {
  const classes = useStyles();
  const list = useListStyles();
  const t = useText();
  if (commits.length === 0) {
    return <></>;
  }
  return (
    <Panel title={t('proposal.commits')} count={commits.length}>
      <ul className={list.list}>
        {commits.map(({ id, message, at }) => (
          <li key={id}>
            <Typography variant="body2" className={classes.message}>
              {message.split('\n', 1)[0]}
            </Typography>
            <Typography variant="caption" className={classes.quiet}>
              <code className={classes.id} title={id}>
                {id.slice(0, 7)}
              </code>{' '}
              <TimeAgo at={at} />
            </Typography>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
