import { Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { hasErrorCode } from '../../api';
import type { DraftMode } from '../../draft';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { Problem, quietText } from '../marks';
import { CopyLink } from './CopyLink';
import { decidersText } from './decidersText';
import { sendCapability } from './sendCapability';
import type { MoreCallers } from './useMoreCallers';
import type { useSendSeveral } from './useSendSeveral';
import type { LivePreview } from './usePreview';
import type { RequestForm } from './useRequestForm';
import { useSend } from './useSend';

const useStyles = makeStyles(theme => ({
  root: {
    padding: theme.spacing(2, 3),
    borderTop: `1px solid ${theme.palette.divider}`,
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
  },
  who: {
    flex: '1 1 240px',
    minWidth: 0,
    color: quietText(theme),
    overflowWrap: 'anywhere',
  },
  send: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    marginLeft: 'auto',
  },
  reason: { color: theme.palette.text.primary },
}));

/** Who decides, and the one next action; disabled only with its reason beside it. */
export function DialogFooter(props: {
  api: string;
  mode: DraftMode;
  form: RequestForm;
  live: LivePreview;
  /** Other callers that the same is asked for. */
  more: MoreCallers;
  several: ReturnType<typeof useSendSeveral>;
  /** The request that is changed and sent again. */
  revises?: AccessRequest;
  onClose: () => void;
  onSent: (request: AccessRequest) => void;
}) {
  const { api, mode, form, live, revises, onClose, onSent } = props;
  const classes = useStyles();
  const t = useText();
  const { send, sending, error } = useSend(onSent, revises);
  const { more, several } = props;
  const first = sendCapability(t, form, live);
  const { allowed, reason } =
    first.allowed && more.checking
      ? { allowed: false, reason: t('several.wait') }
      : first;
  const others = more.lines.flatMap(({ caller, state, preview: answer }) =>
    state === 'fine' && answer ? [{ caller, digest: answer.digest }] : [],
  );
  const { preview } = live;
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  const asked = live.fresh ? preview?.asked : undefined;
  const foreign =
    form.kind === 'new' &&
    mode === 'request' &&
    form.caller &&
    !form.caller.owned;
  const changed = hasErrorCode(error, 'meaning-changed');
  const submit = () => {
    const draft = form.previewDraft;
    if (
      draft &&
      preview &&
      form.caller &&
      (others.length > 0 || several.isTried)
    ) {
      const all = [{ caller: form.caller, digest: preview.digest }, ...others];
      several.send(
        all.map(({ caller, digest }) => ({
          caller,
          request: {
            ...draft,
            caller: caller.ref,
            reason: form.reason.trim(),
            digest,
          },
        })),
      );
      return;
    }
    if (form.previewDraft && preview) {
      send({
        ...form.previewDraft,
        reason: form.reason.trim(),
        digest: preview.digest,
        ...(form.note.trim() !== '' && { note: form.note.trim() }),
      });
    }
  };
  return (
    <footer className={classes.root}>
      {error && (
        <Problem
          title={t(changed ? 'dialog.changed' : 'dialog.sendFailed')}
          error={error}
          retry={changed ? live.reload : undefined}
        />
      )}
      <div className={classes.line}>
        <Typography variant="body2" component="div" className={classes.who}>
          {form.previewDraft && preview && !form.asItIs && (
            <>
              {decidersText(t, form, preview)}
              {preview.automatic?.approves === false && (
                <div>{preview.automatic.text}</div>
              )}
            </>
          )}
          {!allowed && reason && (
            <div id="callgate-send-reason" className={classes.reason}>
              {reason}
              {asked && requestRoute && (
                <>
                  {' '}
                  <Link to={requestRoute({ id: asked.id })}>
                    {t('dialog.openSent', { number: String(asked.number) })}
                  </Link>
                </>
              )}
            </div>
          )}
          {foreign && <CopyLink api={api} mode={mode} form={form} />}
        </Typography>
        <div className={classes.send}>
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button
            variant="contained"
            color="primary"
            disabled={!allowed || sending}
            aria-describedby={allowed ? undefined : 'callgate-send-reason'}
            onClick={submit}
          >
            {sending && t('dialog.sending')}
            {!sending &&
              others.length > 0 &&
              t('several.send', { number: String(others.length + 1) })}
            {!sending &&
              others.length === 0 &&
              t(form.breakGlass ? 'glass.ask.send' : 'dialog.send')}
          </Button>
        </div>
      </div>
    </footer>
  );
}
