import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import {
  CALLGATE_LIMITS,
  type EntityLabel,
} from '@callgate/plugin-callgate-common';
import { useId, useState } from 'react';
import { type Text, useText } from '../../translation';
import { DialogHead, RestoredLine } from '../dialogs';
import { BREAKS, nameOf } from '../marks';
import { unknownCaller } from '../RequestDialog/callerOptions';
import { DiscardDialog } from '../RequestDialog/DiscardDialog';
import { FieldLabel } from '../RequestDialog/FieldLabel';
import { useCallers } from '../RequestDialog/useCallers';
import { ApiAdder } from './ApiAdder';
import { MOST_APIS, reasonOf } from './sitting';
import { SittingFields } from './SittingFields';
import { SittingRow } from './SittingRow';
import { useSitting } from './useSitting';

const useStyles = makeStyles(theme => ({
  body: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    alignContent: 'start',
    gap: theme.spacing(2.5),
    overflowY: 'auto',
    padding: theme.spacing(1, 3, 3),
  },
  list: { margin: 0, padding: 0, listStyle: 'none' },
  all: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 1fr)',
    gap: theme.spacing(2),
    alignItems: 'start',
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  foot: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    padding: theme.spacing(2, 3),
    borderTop: `1px solid ${theme.palette.divider}`,
    overflowWrap: 'anywhere',
  },
  why: { flex: '1 1 240px', minWidth: 0 },
}));

/** What one caller needs of several APIs: a request each, one reason, and for each what it opens. */
export function SittingDialog(props: {
  /** Ref of the caller. */
  caller: string;
  /** APIs that concern it; they are offered first. */
  targets?: readonly EntityLabel[];
  onClose: () => void;
  /** Something was sent. */
  onSent: () => void;
}) {
  const { caller: ref, targets = [], onClose, onSent } = props;
  const classes = useStyles();
  const t = useText();
  const theme = useTheme();
  const small = useMediaQuery(theme.breakpoints.down('xs'));
  const titleId = useId();
  const listId = useId();
  const caller = useCallers('request', ref).start ?? unknownCaller(ref);
  const all = useSitting(ref);
  const { sitting, lines, sending } = all;
  const [discarding, setDiscarding] = useState(false);
  const unsent = lines.filter(({ item }) => !item.sent);
  const hasSent = unsent.length < lines.length;
  const sendable = lines.filter(all.isSendable);
  const isDone = hasSent && unsent.length === 0;
  const missing = whyNot(t, all);
  const end = () => {
    all.drop();
    if (hasSent) onSent();
    else onClose();
  };
  const close = () => {
    // What is on its way has to come back first, or nobody would know what became of it.
    if (sending) return;
    if (unsent.length > 0 || (!hasSent && sitting.reason !== ''))
      setDiscarding(true);
    else end();
  };
  return (
    <Dialog
      open
      PaperProps={BREAKS}
      onClose={close}
      fullScreen={small}
      fullWidth
      maxWidth="lg"
      aria-labelledby={titleId}
    >
      <DialogHead
        titleId={titleId}
        title={t('sitting.title', { caller: caller.name })}
        help={t('sitting.help')}
        busy={sending}
        onClose={close}
      >
        {all.restored && !isDone && (
          <RestoredLine busy={sending} onDrop={all.drop} />
        )}
      </DialogHead>
      <div className={classes.body}>
        {!isDone && (
          <ApiAdder
            targets={targets}
            chosen={lines.map(({ item }) => item.api.ref)}
            disabled={sending || unsent.length >= MOST_APIS}
            onAdd={all.add}
          />
        )}
        <div>
          <FieldLabel id={listId}>{t('sitting.apis')}</FieldLabel>
          {lines.length === 0 && (
            <Typography variant="body2">{t('sitting.none')}</Typography>
          )}
          <ul className={classes.list} aria-labelledby={listId}>
            {lines.map(line => {
              const { item } = line;
              const api = item.api.ref;
              const isOpen = all.open === api && !item.sent && !sending;
              return (
                <SittingRow
                  key={item.sent?.id ?? api}
                  line={line}
                  isOpen={isOpen}
                  canSend={all.isSendable(line)}
                  disabled={sending}
                  onToggle={() => all.setOpen(isOpen ? undefined : api)}
                  onRemove={() => all.remove(api)}
                  onAgain={() => all.send([line])}
                >
                  <SittingFields
                    line={line}
                    caller={caller}
                    onChange={more => all.changeItem(api, more)}
                  />
                </SittingRow>
              );
            })}
          </ul>
        </div>
        {!isDone && (
          <div className={classes.all}>
            <div>
              <FieldLabel htmlFor="callgate-sitting-reason">
                {t('sitting.reason')}
              </FieldLabel>
              <TextField
                id="callgate-sitting-reason"
                fullWidth
                multiline
                minRows={2}
                maxRows={6}
                variant="outlined"
                size="small"
                disabled={sending}
                placeholder={t('dialog.reasonPlaceholder')}
                value={sitting.reason}
                onChange={({ target }) =>
                  all.changeAll({ reason: target.value })
                }
              />
            </div>
            <div>
              <FieldLabel htmlFor="callgate-sitting-until">
                {t('sitting.until')}
              </FieldLabel>
              <TextField
                id="callgate-sitting-until"
                type="date"
                variant="outlined"
                size="small"
                disabled={sending}
                value={sitting.until}
                onChange={({ target }) =>
                  all.changeAll({ until: target.value })
                }
                helperText={t('sitting.untilHelp')}
              />
            </div>
          </div>
        )}
      </div>
      <footer className={classes.foot}>
        <Typography
          id={`${titleId}-why`}
          variant="body2"
          className={classes.why}
          role="status"
        >
          {isDone ? t('sitting.allSent') : missing.text}
        </Typography>
        {!isDone && (
          <Button onClick={close} disabled={sending}>
            {t('dialog.cancel')}
          </Button>
        )}
        <Button
          variant="contained"
          color="primary"
          disabled={!isDone && (sending || missing.stops)}
          aria-describedby={`${titleId}-why`}
          onClick={() => (isDone ? end() : all.send(sendable))}
        >
          {isDone
            ? t('several.done')
            : t(sendable.length > 0 ? 'sitting.send' : 'dialog.send', {
                count: sendable.length,
              })}
        </Button>
      </footer>
      {discarding && (
        <DiscardDialog
          sent={lines.length - unsent.length}
          onStay={() => setDiscarding(false)}
          onDiscard={end}
        />
      )}
    </Dialog>
  );
}

/** What stands in the way of sending; what cannot be asked for stops none of the others. */
function whyNot(
  t: Text,
  all: ReturnType<typeof useSitting>,
): { stops: boolean; text: string } {
  const { lines, sitting } = all;
  const stop = (text: string) => ({ stops: true, text });
  const unsent = lines.filter(({ item }) => !item.sent);
  if (unsent.length === 0) return stop(t('sitting.needsApi'));
  const unchosen = unsent.find(({ item }) => item.operations.length === 0);
  if (unchosen) {
    const api = nameOf(t, unchosen.item.api);
    return stop(t('sitting.needsOperations', { api }));
  }
  const tooLong = unsent.some(
    ({ item }) => reasonOf(sitting, item).length > CALLGATE_LIMITS.reason,
  );
  if (tooLong)
    return stop(t('dialog.tooLong', { limit: String(CALLGATE_LIMITS.reason) }));
  if (!unsent.every(({ item }) => all.hasReason(item)))
    return stop(t('sitting.needsReason'));
  if (unsent.some(({ live }) => !live.fresh && !live.error))
    return stop(t('dialog.needsPreview'));
  const stays = unsent.filter(line => !all.isSendable(line));
  if (stays.length === unsent.length) return stop(t('sitting.noneToSend'));
  if (stays.length > 0) {
    const apis = stays.map(({ item }) => nameOf(t, item.api)).join(', ');
    return { stops: false, text: t('sitting.stays', { apis }) };
  }
  return unsent.length >= MOST_APIS
    ? { stops: false, text: t('sitting.full', { number: String(MOST_APIS) }) }
    : { stops: false, text: '' };
}
