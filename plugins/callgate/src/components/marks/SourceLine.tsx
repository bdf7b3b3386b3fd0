import { makeStyles } from '@material-ui/core/styles';
import type { Source } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { MONO } from './MethodChip';
import { TimeAgo } from './TimeAgo';

const useStyles = makeStyles({
  commit: { fontFamily: MONO, fontSize: '0.95em' },
});

/**
 * What the facts of a page come from: "By manifests in Git at 3f2a91c on main, committed 2 minutes ago", after "In the cluster
 * prod-eu, read just now" where an API server says what is there.
 */
export function SourceLine(props: { source: Source }) {
  const { source } = props;
  const classes = useStyles();
  const t = useText();
  const { commit, branch, committedAt, readAt, stale, problem, estate } =
    source;
  const { observed = [], estateReadAt } = source;
  return (
    <span>
      {observed.length > 0 && estateReadAt && (
        <>
          {t('source.observed', {
            count: observed.length,
            clusters: observed.join(', '),
            when: <TimeAgo at={estateReadAt} />,
          })}
          {' · '}
        </>
      )}
      {commit
        ? t(committedAt ? 'source.byCommit' : 'source.byCommitRead', {
            commit: (
              <span className={classes.commit} title={commit}>
                {commit.slice(0, 7)}
              </span>
            ),
            branch,
            when: <TimeAgo at={committedAt ?? readAt} />,
          })
        : t('source.byBranch', { branch, when: <TimeAgo at={readAt} /> })}
      {stale && (
        <>
          {' · '}
          {t('source.stale', { when: <TimeAgo at={readAt} /> })}
          {/* Where what runs is not known, a notice says it. */}
          {problem && !estate && ` ${problem}`}
        </>
      )}
    </span>
  );
}
