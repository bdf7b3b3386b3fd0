import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { EntityLabel, Finding } from '@callgate/plugin-callgate-common';
import { useId, useMemo, useState } from 'react';
import { hasErrorCode } from '../../api';
import { useText } from '../../translation';
import { BREAKS, MeaningCard, Problem, quietText } from '../marks';
import { usePreview } from '../RequestDialog/usePreview';
import { useSend } from '../RequestDialog/useSend';

const useStyles = makeStyles(theme => ({
  content: { display: 'grid', gap: theme.spacing(2) },
  quiet: { color: quietText(theme) },
}));

/** Asks the owners of an API to confirm a component as its provider, with what that opens and whom it cuts. */
export function ProviderAskDialog(props: {
  ask: NonNullable<Finding['ask']>;
  onClose: () => void;
  onSent: () => void;
}) {
  const { ask, onClose, onSent } = props;
  const { api, provider } = ask;
  const classes = useStyles();
  const t = useText();
  const titleId = useId();
  const [reason, setReason] = useState('');
  const draft = useMemo(
    () => ({
      kind: 'confirm' as const,
      api,
      provider,
      caller: provider,
      operations: [],
    }),
    [api, provider],
  );
  const { preview, error, fresh, reload } = usePreview(draft);
  const { send, sending, error: unsent } = useSend(onSent);
  const allowed = fresh && preview?.send.allowed === true;
  const text = reason.trim();
  return (
    <Dialog
      open
      PaperProps={BREAKS}
      onClose={onClose}
      maxWidth="md"
      fullWidth
      aria-labelledby={titleId}
    >
      <DialogTitle id={titleId}>
        {t('confirm.askTitle', {
          provider: nameIn(provider),
          api: nameIn(api),
        })}
      </DialogTitle>
      <DialogContent className={classes.content}>
        <Typography variant="body2">{t('confirm.askHelp')}</Typography>
        {error && (
          <Problem title={t('confirm.failed')} error={error} retry={reload} />
        )}
        {!preview && !error && (
          <Typography variant="body2" role="status">
            {t('confirm.looking')}
          </Typography>
        )}
        {preview && (
          <MeaningCard api={labelIn(api)} meaning={preview.meaning} dense />
        )}
        <TextField
          label={t('confirm.reason')}
          variant="outlined"
          multiline
          minRows={2}
          value={reason}
          onChange={event => setReason(event.target.value)}
        />
        {preview && (
          <Typography variant="body2" className={classes.quiet}>
            {t('dialog.decides', { who: preview.deciders.text })}
          </Typography>
        )}
        {preview && !preview.send.allowed && (
          <Typography variant="body2" role="alert">
            {preview.send.reason}
          </Typography>
        )}
        {unsent && (
          <Problem
            title={t('dialog.sendFailed')}
            error={unsent}
            retry={hasErrorCode(unsent, 'meaning-changed') ? reload : undefined}
          />
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t('dialog.cancel')}</Button>
        <Button
          variant="contained"
          color="primary"
          disabled={!allowed || sending}
          onClick={() =>
            preview &&
            send({
              ...draft,
              ...(text && { reason: text }),
              digest: preview.digest,
            })
          }
        >
          {t(sending ? 'dialog.sending' : 'confirm.ask')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/** The table of a meaning names the API that the page is about. */
function labelIn(ref: string): EntityLabel {
  const [kind, rest] = ref.split(':');
  const [namespace, name] = rest.split('/');
  return { ref, kind, namespace, name, state: 'visible' };
}
