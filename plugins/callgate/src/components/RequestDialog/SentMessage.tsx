import { Link } from '@backstage/core-components';
import IconButton from '@material-ui/core/IconButton';
import Snackbar from '@material-ui/core/Snackbar';
import SnackbarContent from '@material-ui/core/SnackbarContent';
import { makeStyles } from '@material-ui/core/styles';
import CloseIcon from '@material-ui/icons/Close';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { Fragment } from 'react';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';

const SHOWN_MS = 15_000;

/** Links that a line has room for. */
const MOST_LINKS = 3;

const useStyles = makeStyles({
  link: { color: 'inherit', fontWeight: 600, textDecoration: 'underline' },
});

/** After a request was sent: who decides, and the way to it. Goes by itself after a while. */
export function SentMessage(props: {
  /** One, or several that were sent together. */
  requests: readonly AccessRequest[];
  onClose: () => void;
}) {
  const { requests, onClose } = props;
  const classes = useStyles();
  const t = useText();
  const [first] = requests;
  const isOne = requests.length === 1;
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  return (
    <Snackbar
      open
      autoHideDuration={SHOWN_MS}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'center' }}
      // A click beside it is not meant for it.
      onClose={(_event, reason) => reason !== 'clickaway' && onClose()}
    >
      <SnackbarContent
        role="status"
        message={
          <>
            {isOne
              ? t('dialog.sent')
              : t('dialog.sentSeveral', {
                  number: String(requests.length),
                })}{' '}
            {isOne && first.waitsFor && `${first.waitsFor}. `}
            {requestRoute &&
              requests.length <= MOST_LINKS &&
              requests.map(({ id, number }) => (
                <Fragment key={id}>
                  <Link to={requestRoute({ id })} className={classes.link}>
                    {t('dialog.openSent', { number: String(number) })}
                  </Link>{' '}
                </Fragment>
              ))}
          </>
        }
        action={
          <IconButton
            size="small"
            color="inherit"
            aria-label={t('dialog.close')}
            onClick={onClose}
          >
            <CloseIcon fontSize="small" />
          </IconButton>
        }
      />
    </Snackbar>
  );
}
