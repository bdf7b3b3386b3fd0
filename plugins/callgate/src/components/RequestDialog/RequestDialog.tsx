import { useApi } from '@backstage/core-plugin-api';
import Dialog from '@material-ui/core/Dialog';
import IconButton from '@material-ui/core/IconButton';
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import CloseIcon from '@material-ui/icons/Close';
import type {
  AccessRequest,
  EntityLabel,
} from '@callgate/plugin-callgate-common';
import { useId } from 'react';
import { callgateApiRef } from '../../api';
import type { DraftMode, DraftStart } from '../../draft';
import { useLoaded } from '../../hooks';
import { useText } from '../../translation';
import { nameOf, quietText, Status } from '../marks';
import { CallerField } from './CallerField';
import { DialogFooter } from './DialogFooter';
import { OperationPicker } from './OperationPicker';
import { PreviewPane } from './PreviewPane';
import { useCallers } from './useCallers';
import { usePreview } from './usePreview';
import { useRequestForm } from './useRequestForm';
import { WhereAndWhy } from './WhereAndWhy';

const useStyles = makeStyles(theme => ({
  head: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(2),
    padding: theme.spacing(3, 3, 2),
  },
  title: { fontSize: theme.typography.pxToRem(20), fontWeight: 600 },
  quiet: { color: quietText(theme) },
  close: {
    marginLeft: 'auto',
    '&:focus-visible': { outline: '2px solid currentColor' },
  },
  panes: {
    flex: 1,
    minHeight: 0,
    overflowY: 'auto',
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    gap: theme.spacing(4),
    padding: theme.spacing(1, 3, 3),
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  question: {
    display: 'grid',
    gap: theme.spacing(2.5),
    alignContent: 'start',
    minWidth: 0,
  },
}));

/** Ask for exactly what you need, and see what it does. Left the question, right its meaning, live. */
export function RequestDialog(props: {
  api: EntityLabel;
  owners?: EntityLabel[];
  mode: DraftMode;
  start: DraftStart;
  onClose: () => void;
  onSent: (request: AccessRequest) => void;
}) {
  const { api, owners = [], mode, start, onClose, onSent } = props;
  const classes = useStyles();
  const t = useText();
  const theme = useTheme();
  const small = useMediaQuery(theme.breakpoints.down('xs'));
  const titleId = useId();
  const callgate = useApi(callgateApiRef);
  const offered = useLoaded(api.ref, signal =>
    callgate.getApiOperations(api.ref, { signal }),
  );
  const callers = useCallers(mode, start.caller);
  const form = useRequestForm({
    api: api.ref,
    start,
    startCaller: callers.start,
    offered: offered.value,
  });
  const live = usePreview(form.previewDraft);
  const names = owners.map(owner => nameOf(t, owner)).join(', ');
  return (
    <Dialog
      open
      onClose={onClose}
      fullScreen={small}
      fullWidth
      maxWidth="lg"
      aria-labelledby={titleId}
    >
      <header className={classes.head}>
        <div>
          <Typography variant="h2" id={titleId} className={classes.title}>
            {t(mode === 'grant' ? 'dialog.grantTitle' : 'dialog.requestTitle', {
              api: nameOf(t, api),
            })}
          </Typography>
          <Typography variant="body2" className={classes.quiet}>
            {mode === 'grant' && t('dialog.grantHelp')}
            {mode === 'request' &&
              (names
                ? t('dialog.requestHelpOwners', { owners: names })
                : t('dialog.requestHelp'))}
          </Typography>
        </div>
        <IconButton
          className={classes.close}
          size="small"
          // The ripple of a button that takes the focus while it is mounted is not there yet.
          disableFocusRipple
          aria-label={t('dialog.close')}
          onClick={onClose}
        >
          <CloseIcon />
        </IconButton>
      </header>
      <div className={classes.panes}>
        <div className={classes.question}>
          <CallerField
            mode={mode}
            value={form.caller}
            options={callers.options}
            loading={callers.loading}
            ownsNothing={callers.ownsNothing}
            error={callers.error}
            onText={callers.setText}
            onChange={form.setCaller}
          />
          <Status loaded={offered} failed={t('dialog.readFailed')}>
            {operations => (
              <>
                <OperationPicker
                  offered={operations}
                  picked={form.operations}
                  onChange={form.setOperations}
                />
                <WhereAndWhy clusters={operations.clusters} form={form} />
              </>
            )}
          </Status>
        </div>
        <PreviewPane
          api={api}
          form={form}
          live={live}
          clusters={offered.value?.clusters ?? []}
        />
      </div>
      <DialogFooter
        api={api.ref}
        mode={mode}
        form={form}
        live={live}
        onClose={onClose}
        onSent={onSent}
      />
    </Dialog>
  );
}
