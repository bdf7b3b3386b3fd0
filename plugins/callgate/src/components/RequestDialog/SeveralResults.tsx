import { Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { Badge } from '../marks';
import type { CallerOption } from './callerOptions';
import type { SentOne } from './useSendSeveral';

const useStyles = makeStyles(theme => ({
  root: { padding: theme.spacing(1, 3, 3) },
  list: { margin: theme.spacing(1, 0, 2), padding: 0, listStyle: 'none' },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    padding: theme.spacing(1, 0),
    borderTop: `1px solid ${theme.palette.divider}`,
    overflowWrap: 'anywhere',
  },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'flex-end',
    gap: theme.spacing(1),
  },
}));

/** What became of each of several requests that were sent together. */
export function SeveralResults(props: {
  results: readonly SentOne[];
  /** Goes on with what was not sent. */
  onBack: (notSent: CallerOption[]) => void;
  onDone: () => void;
}) {
  const { results, onBack, onDone } = props;
  const classes = useStyles();
  const t = useText();
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  const hasSent = results.some(({ request }) => request);
  const failed = results.filter(({ error }) => error);
  const sending = results.some(({ request, error }) => !request && !error);
  return (
    <section className={classes.root} aria-label={t('several.results')}>
      <ul className={classes.list} aria-live="polite" aria-busy={sending}>
        {results.map(({ caller, request, error }) => (
          <li key={caller.ref}>
            <Typography variant="body2" component="div" className={classes.row}>
              <strong>
                <bdi>{caller.name}</bdi>
              </strong>
              {request && <Badge tone="good">{t('several.sent')}</Badge>}
              {error && <Badge tone="bad">{t('several.notSent')}</Badge>}
              {!request && !error && (
                <Badge tone="quiet">{t('several.sending')}</Badge>
              )}
              {request && requestRoute && (
                <Link to={requestRoute({ id: request.id })}>
                  {t('dialog.openSent', { number: String(request.number) })}
                </Link>
              )}
              {error && <span>{error.message}</span>}
            </Typography>
          </li>
        ))}
      </ul>
      <div className={classes.actions}>
        {failed.length > 0 && (
          <Button
            color="primary"
            variant="outlined"
            disabled={sending}
            onClick={() => onBack(failed.map(({ caller }) => caller))}
          >
            {t('several.back')}
          </Button>
        )}
        {hasSent && (
          <Button
            color="primary"
            variant="contained"
            disabled={sending}
            onClick={onDone}
          >
            {t('several.done')}
          </Button>
        )}
      </div>
    </section>
  );
}
