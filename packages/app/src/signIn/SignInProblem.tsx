import { useEffect } from 'react';
import Button from '@material-ui/core/Button';
import LinearProgress from '@material-ui/core/LinearProgress';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { ResponseError } from '@backstage/errors';
import { SignInFrame } from './SignInFrame';

/** How long to wait before asking again, in milliseconds. */
const RETRY_AFTER = 1500;

const useStyles = makeStyles(theme => ({
  reason: { marginTop: theme.spacing(2) },
}));

/**
 * Why the sign-in did not work. A portal that has just started says that it is
 * still loading and goes on by itself; everything else needs a decision.
 */
export function SignInProblem(props: {
  name: string;
  error: Error | undefined;
  onRetry: () => void;
  onChooseAgain: () => void;
}) {
  const { name, error, onRetry, onChooseAgain } = props;
  const classes = useStyles();
  const loading = isStillStarting(error);

  useEffect(() => {
    if (!loading) {
      return undefined;
    }
    const timer = window.setTimeout(onRetry, RETRY_AFTER);
    return () => window.clearTimeout(timer);
  }, [loading, onRetry]);

  return (
    <SignInFrame
      title={loading ? 'One moment' : `Signing in as ${name} did not work`}
      lead={
        loading
          ? `The portal is still starting or reading its catalog. ${name} will be signed in as soon as it is done.`
          : 'The portal gave this reason:'
      }
    >
      {loading && <LinearProgress aria-label="Waiting for the catalog" />}
      <Typography
        role={loading ? 'status' : 'alert'}
        className={classes.reason}
        paragraph
      >
        {reasonOf(error)}
      </Typography>
      {!loading && (
        <Button variant="contained" color="primary" onClick={onRetry}>
          Try again
        </Button>
      )}{' '}
      <Button onClick={onChooseAgain}>Choose another person</Button>
    </SignInFrame>
  );
}

function isStillStarting(error: Error | undefined): boolean {
  const unreachable = error instanceof TypeError;
  return (
    unreachable || (error instanceof ResponseError && error.statusCode === 503)
  );
}

/** What the backend said, rather than that it said something. */
function reasonOf(error: Error | undefined): string {
  if (error instanceof ResponseError) {
    return error.body.error.message;
  }
  if (error instanceof TypeError) {
    return 'The backend does not answer yet.';
  }
  return error?.message ?? 'No reason was given.';
}
