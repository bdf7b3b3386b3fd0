import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type {
  AccessRequest,
  EntityLabel,
  GrantPage,
} from '@callgate/plugin-callgate-common';
import { useEffect, useId, useState } from 'react';
import { callgateApiRef, hasErrorCode } from '../../api';
import type { DraftMode, DraftStart } from '../../draft';
import { useLoaded } from '../../hooks';
import { type Text, useText } from '../../translation';
import { DialogHead, RestoredLine } from '../dialogs';
import {
  BREAKS,
  FlagList,
  isOfGrant,
  nameOf,
  OperationList,
  Status,
} from '../marks';
import { takeAlong } from '../Sitting/keptSitting';
import { BreakGlassField } from './BreakGlassField';
import { CallerField } from './CallerField';
import { DifferentField } from './DifferentField';
import { DiscardDialog } from './DiscardDialog';
import { DialogFooter } from './DialogFooter';
import { FieldLabel } from './FieldLabel';
import { MoreCallersField } from './MoreCallersField';
import { OperationPicker } from './OperationPicker';
import { PreviewPane } from './PreviewPane';
import type { CallerOption } from './callerOptions';
import { SeveralResults } from './SeveralResults';
import { UntilField } from './UntilField';
import { useCallers } from './useCallers';
import { useMoreCallers } from './useMoreCallers';
import { useSendSeveral } from './useSendSeveral';
import { useKeptDraft } from './useKeptDraft';
import { usePreview } from './usePreview';
import { useRequestForm } from './useRequestForm';
import { NoticeField } from './NoticeField';
import { WhenLastField } from './WhenLastField';
import { WhereField } from './WhereField';
import { WhyField } from './WhyField';

const useStyles = makeStyles(theme => ({
  panes: {
    flex: 1,
    minHeight: 0,
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    // Each side scrolls by itself, so that what it opens stays in sight beside a long form.
    gridTemplateRows: 'minmax(0, 1fr)',
    '&[hidden]': { display: 'none' },
    '& > *': { overflowY: 'auto', padding: theme.spacing(1, 3, 3) },
    '& > * + *': { paddingLeft: theme.spacing(1) },
    [theme.breakpoints.down('sm')]: {
      overflowY: 'auto',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gridTemplateRows: 'auto',
      alignContent: 'start',
      '& > *': { overflowY: 'visible' },
      '& > * + *': { paddingLeft: theme.spacing(3) },
    },
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
  mode: DraftMode;
  start: DraftStart;
  /** The grant that it is about, where it asks nothing new. */
  grant?: GrantPage;
  /** The request that is changed and sent again. */
  revises?: AccessRequest;
  /** What stands in the fields at first, beside what the grant has now. */
  picked?: Pick<DraftStart, 'until' | 'whenLast'>;
  onClose: () => void;
  /** What was sent: one, or several for several callers. */
  onSent: (requests: readonly AccessRequest[]) => void;
  /** Goes on with what is written, and with other APIs beside it, for a caller. Absent: it is about this API alone. */
  onSeveral?: (caller: string) => void;
}) {
  const { mode, start, grant, revises, onClose, onSent, onSeveral } = props;
  const picked = revises
    ? { until: revises.until, whenLast: revises.change?.whenLast }
    : props.picked;
  const classes = useStyles();
  const t = useText();
  const theme = useTheme();
  const small = useMediaQuery(theme.breakpoints.down('xs'));
  const titleId = useId();
  const callgate = useApi(callgateApiRef);
  const offered = useLoaded(props.api.ref, signal =>
    callgate.getApiOperations(props.api.ref, { signal }),
  );
  // Whoever opened it may know no more of the API than its ref.
  const api = offered.value?.api ?? props.api;
  // Nobody picks another one.
  const fixed = (grant ?? revises)?.caller;
  const callers = useCallers(mode, fixed ? undefined : start.caller);
  const form = useRequestForm({
    api: api.ref,
    start,
    startCaller: fixed ? callerOf(t, fixed) : callers.start,
    picked,
    offered: offered.value,
  });
  const live = usePreview(form.previewDraft);
  const isMissing = hasErrorCode(live.error, 'when-last-missing');
  // Once it is chosen the question stays, and the answer can be changed.
  const [toChoose, setToChoose] = useState(false);
  useEffect(() => {
    if (isMissing) setToChoose(true);
  }, [isMissing]);
  const more = useMoreCallers(
    mode === 'request' && form.kind === 'new' && !revises && form.caller?.owned
      ? form.previewDraft
      : undefined,
    live.fresh,
  );
  const several = useSendSeveral();
  const kept = useKeptDraft({ api: api.ref, mode, start, form });
  const [discarding, setDiscarding] = useState(false);
  const places = live.preview?.places;
  const { suggestCluster } = form;
  const good = (places ?? []).filter(({ blocked }) => !blocked);
  // Where it can be granted in one of several alone, that one is meant.
  const only =
    places && places.length > 1 && good.length === 1
      ? good[0].cluster
      : undefined;
  useEffect(() => suggestCluster(only), [only, suggestCluster]);
  const { results, sending, sent } = several;
  /** What is sent is not discarded with the rest. */
  const end = () => {
    kept.drop();
    if (sent.length > 0) onSent(sent);
    else onClose();
  };
  const close = () => {
    // What is on its way has to come back first, or nobody would know what became of it.
    if (sending) return;
    const isWritten = results
      ? results.some(({ error }) => error)
      : form.touched || sent.length > 0;
    if (isWritten) setDiscarding(true);
    else if (sent.length > 0) end();
    else onClose();
  };
  const goOnWithSeveral = () => {
    const { caller, operations, acknowledges, reason } = form;
    if (!caller || kept.person === undefined) return;
    const { clusters, until = '' } = form.kept;
    takeAlong(
      { person: kept.person, caller: caller.ref },
      {
        items: [
          { api, operations, acknowledges, ...(clusters && { clusters }) },
        ],
        reason,
        until,
      },
    );
    kept.drop();
    onSeveral?.(caller.ref);
  };
  const about = isOfGrant(form.kind) ? form.kind : undefined;
  const asked =
    about && grant
      ? t(`grants.title.${about}`, {
          caller: nameOf(t, grant.caller),
          api: nameOf(t, api),
        })
      : t(mode === 'grant' ? 'dialog.grantTitle' : 'dialog.requestTitle', {
          api: nameOf(t, api),
        });
  const title = revises
    ? t('dialog.reviseTitle', { number: String(revises.number), what: asked })
    : asked;
  const help = about
    ? t(`grants.help.${about}`)
    : t(mode === 'grant' ? 'dialog.grantHelp' : 'dialog.requestHelp');
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
        title={title}
        help={help}
        busy={sending}
        onClose={close}
      >
        {kept.restored && (
          <RestoredLine
            busy={sending}
            onDrop={() => {
              form.reset();
              kept.drop();
            }}
          />
        )}
      </DialogHead>
      {several.results && (
        <SeveralResults
          results={several.results}
          onBack={([first, ...others]) => {
            form.setCaller(first);
            more.goOnWith(others);
            live.reload();
            several.clear();
          }}
          onDone={end}
        />
      )}
      <div className={classes.panes} hidden={several.results !== undefined}>
        <div className={classes.question}>
          {!fixed && (
            <CallerField
              mode={mode}
              value={form.caller}
              options={callers.options}
              loading={callers.loading}
              ownsNothing={callers.ownsNothing}
              error={callers.error}
              onRetry={callers.reload}
              onText={callers.setText}
              onChange={form.setCaller}
            />
          )}
          {grant && about !== 'change' && (
            <div>
              <FieldLabel>{t('grants.what')}</FieldLabel>
              <OperationList operations={grant.operations} />
            </div>
          )}
          <Status loaded={offered} failed={t('dialog.readFailed')}>
            {operations => (
              <>
                {about !== 'end' && operations.flags && (
                  <FlagList flags={operations.flags} framed />
                )}
                {(!about || about === 'change') && (
                  <>
                    <OperationPicker
                      offered={operations}
                      picked={form.operations}
                      onChange={form.setOperations}
                    />
                    <WhereField
                      clusters={operations.clusters}
                      places={form.previewDraft && places}
                      form={form}
                    />
                  </>
                )}
                {about !== 'end' && !form.breakGlass && (
                  <UntilField
                    form={form}
                    terms={live.preview?.lastDay ?? operations.lastDay}
                    error={
                      hasErrorCode(live.error, 'bad-until')
                        ? live.error?.message
                        : undefined
                    }
                  />
                )}
                {about === 'end' &&
                  (live.preview?.meaning.left || toChoose) && (
                    <WhenLastField
                      api={api}
                      form={form}
                      mustChoose={toChoose}
                    />
                  )}
                {about === 'end' && live.preview?.notice && (
                  <NoticeField notice={live.preview.notice} form={form} />
                )}
                <WhyField form={form} />
                {mode === 'request' &&
                  !about &&
                  !revises &&
                  form.previewDraft &&
                  form.caller?.owned &&
                  !form.breakGlass && (
                    <MoreCallersField
                      options={callers.mine.filter(
                        ({ ref }) => ref !== form.caller?.ref,
                      )}
                      more={more}
                    />
                  )}
                {onSeveral &&
                  mode === 'request' &&
                  !about &&
                  !revises &&
                  form.caller?.owned &&
                  !form.breakGlass && (
                    <div>
                      <Button
                        size="small"
                        color="primary"
                        disabled={kept.person === undefined}
                        onClick={goOnWithSeveral}
                      >
                        {t('sitting.also')}
                      </Button>
                    </div>
                  )}
                {mode === 'request' && !about && !revises && (
                  <BreakGlassField form={form} preview={live.preview} />
                )}
                {revises && <DifferentField form={form} />}
              </>
            )}
          </Status>
        </div>
        <PreviewPane
          api={api}
          form={form}
          live={live}
          ports={offered.value?.ports ?? []}
        />
      </div>
      {!several.results && (
        <DialogFooter
          api={api.ref}
          mode={mode}
          form={form}
          live={live}
          more={more}
          several={several}
          revises={revises}
          onClose={close}
          onSent={request => {
            kept.drop();
            onSent([request]);
          }}
        />
      )}
      {discarding && (
        <DiscardDialog
          sent={sent.length}
          onStay={() => setDiscarding(false)}
          onDiscard={end}
        />
      )}
    </Dialog>
  );
}

/** Who calls, where that is settled. */
function callerOf(t: Text, caller: EntityLabel): CallerOption {
  return {
    ref: caller.ref,
    kind: caller.kind,
    name: nameOf(t, caller),
    owned: true,
  };
}
