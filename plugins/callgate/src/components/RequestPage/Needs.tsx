import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { nameOf, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  root: { margin: 0, paddingLeft: theme.spacing(2.5) },
  quiet: { color: quietText(theme) },
}));

/** Whether there is more to say than who decides: several approvals, or some that were given. */
export function hasManyNeeds({ needs, idleApprovals }: AccessRequest): boolean {
  return (
    needs.length > 1 ||
    idleApprovals.length > 0 ||
    needs.some(({ count, approvals }) => count > 1 || approvals.length > 0)
  );
}

/** What a request needs: who has approved, who can still, and approvals that do not count. */
export function Needs({ request }: { request: AccessRequest }) {
  const { needs, idleApprovals } = request;
  const classes = useStyles();
  const t = useText();
  return (
    <ul className={classes.root} aria-label={t('request.needs')}>
      {needs.map(({ kind, of, text, because }) => (
        <li key={`${kind} ${of.map(({ ref }) => ref).join(' ')}`}>
          <Typography variant="body2">{text}</Typography>
          {because.length > 0 && (
            <Typography variant="caption" className={classes.quiet}>
              {t('request.needBecause', { rules: because.join(', ') })}
            </Typography>
          )}
        </li>
      ))}
      {idleApprovals.map(({ by, at, because }) => (
        <li key={`${by.ref} ${at}`} className={classes.quiet}>
          <Typography variant="body2">
            {t(
              because === 'earlier-meaning'
                ? 'request.approvedEarlier'
                : 'request.approvedNoDecider',
              { who: nameOf(t, by) },
            )}
          </Typography>
        </li>
      ))}
    </ul>
  );
}
