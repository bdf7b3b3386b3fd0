import { EmptyState, Progress } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { isNotAllowed, isNotFound, isUnreachable } from '../../api';
import type { Loaded } from '../../hooks';
import { useText } from '../../translation';
import { NotFound } from './NotFound';
import { toneColors } from './tones';

const useStyles = makeStyles(theme => ({
  problem: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    padding: theme.spacing(1.5, 2),
    marginBottom: theme.spacing(2),
    borderRadius: theme.shape.borderRadius,
    color: toneColors(theme, 'bad').color,
    backgroundColor: toneColors(theme, 'bad').background,
    overflowWrap: 'anywhere',
  },
}));

/** What went wrong, where it went wrong, with the way out. */
export function Problem(props: {
  title?: string;
  error: Error;
  retry?: () => void;
}) {
  const { title, error, retry } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <div role="alert" className={classes.problem}>
      <Typography variant="body2">
        {title && <strong>{title} </strong>}
        {isUnreachable(error) ? t('status.unreachable') : error.message}
      </Typography>
      {retry && (
        <Button size="small" variant="outlined" color="inherit" onClick={retry}>
          {t('status.retry')}
        </Button>
      )}
    </div>
  );
}

/**
 * Loading, denied, missing and broken states of whatever a screen loads. A newer attempt that failed stands above what
 * the last good one brought.
 */
export function Status<T>(props: {
  loaded: Loaded<T>;
  /** What cannot be shown, as a sentence, when loading failed. */
  failed: string;
  /** A whole page: what a reader may not see is the 404 page. */
  page?: boolean;
  children: (value: T) => ReactNode;
}) {
  const { loaded, failed, page, children } = props;
  const t = useText();
  const { value, error, loading, reload } = loaded;
  if (value === undefined) {
    if (!error) {
      return loading ? (
        <div role="status" aria-label={t('status.loading')}>
          <Progress />
        </div>
      ) : null;
    }
    if (page && (isNotFound(error) || isNotAllowed(error))) {
      return <NotFound />;
    }
    if (isNotFound(error) || isNotAllowed(error)) {
      return (
        <EmptyState
          missing="content"
          title={t(isNotFound(error) ? 'status.nothingHere' : 'status.denied')}
          description={error.message}
        />
      );
    }
    return <Problem title={failed} error={error} retry={reload} />;
  }
  return (
    <>
      {error && (
        <Problem title={t('status.notFresh')} error={error} retry={reload} />
      )}
      {children(value)}
    </>
  );
}
