import LinearProgress from '@material-ui/core/LinearProgress';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ApiPort,
  EntityLabel,
  Preview,
} from '@callgate/plugin-callgate-common';
import { hasErrorCode } from '../../api';
import { useText } from '../../translation';
import {
  FileList,
  FindingList,
  isOfGrant,
  MeaningCard,
  Problem,
  quietText,
  useHiddenText,
} from '../marks';
import { Acknowledgements } from './Acknowledgements';
import { Blocked, blockersOf, isOpenQuestion } from './Blocked';
import { FieldLabel } from './FieldLabel';
import { FindingFix } from './FindingFix';
import type { LivePreview } from './usePreview';
import type { AskedFields } from './useRequestForm';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    alignContent: 'start',
    minWidth: 0,
  },
  box: {
    position: 'relative',
    padding: theme.spacing(2),
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    backgroundColor: theme.palette.background.default,
  },
  stale: { '& > *': { opacity: 0.6 } },
  progress: { position: 'absolute', top: 0, left: 0, right: 0, height: 2 },
  quiet: { color: quietText(theme) },
}));

const OPENS = {
  title: 'dialog.opens',
  working: 'dialog.updating',
  upToDate: 'dialog.updated',
  pick: 'dialog.pick',
  failed: 'dialog.previewFailed',
} as const;

const CHANGES = {
  title: 'grants.changes',
  working: 'grants.working',
  upToDate: 'grants.upToDate',
  pick: 'grants.pickDay',
  failed: 'grants.previewFailed',
} as const;

/** What the draft means, live. An old answer is dimmed, not removed, while a new one is worked out. */
export function PreviewPane(props: {
  api: EntityLabel;
  form: AskedFields;
  live: LivePreview;
  /** Ports of the API. */
  ports: readonly ApiPort[];
}) {
  const { api, form, live, ports } = props;
  const { preview, error, fresh } = live;
  const classes = useStyles();
  const hidden = useHiddenText();
  const t = useText();
  const blockers = preview ? blockersOf(preview) : [];
  // Before anything is changed there is nothing to say of what it changes.
  const unchanged = form.asItIs;
  const asked = form.previewDraft !== undefined && !unchanged;
  const waiting = asked && !fresh && !error;
  const words = isOfGrant(form.kind) ? CHANGES : OPENS;
  // What has to be chosen first is a question, and no failure.
  const toChoose = hasErrorCode(error, 'when-last-missing');
  const first = unchanged ? 'grants.pickChange' : words.pick;
  const pick = toChoose ? 'grants.pickWhenLast' : first;
  return (
    // With the keyboard it is scrolled like this, where it is longer than the dialog.
    <section
      className={classes.root}
      aria-label={t(words.title)}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as its comment says
      tabIndex={0}
    >
      <div role="status" className={hidden}>
        {waiting && t(words.working)}
        {asked &&
          fresh &&
          preview &&
          (blockers.length > 0
            ? `${t(
                isOpenQuestion(blockers[0])
                  ? 'dialog.pickWhere'
                  : 'dialog.blocked',
              )} ${blockers[0].message}`
            : t(words.upToDate, { text: preview.meaning.text }))}
      </div>
      <div>
        <FieldLabel>{t(words.title)}</FieldLabel>
        <div
          className={`${classes.box} ${preview && !fresh ? classes.stale : ''}`}
          aria-busy={waiting}
        >
          {waiting && (
            <LinearProgress className={classes.progress} aria-hidden />
          )}
          {preview && asked && blockers.length > 0 && (
            <Blocked
              blockers={blockers}
              preview={preview}
              form={form}
              ports={ports}
            />
          )}
          {preview && asked && blockers.length === 0 && (
            <MeaningCard
              api={api}
              meaning={{ ...preview.meaning, findings: [] }}
              dense
            />
          )}
          {!(preview && asked) && (
            <Typography variant="body2" className={classes.quiet}>
              {t(waiting ? words.working : pick)}
            </Typography>
          )}
        </div>
      </div>
      {error && !toChoose && (
        <Problem title={t(words.failed)} error={error} retry={live.reload} />
      )}
      {preview && asked && (
        <Consequences
          preview={preview}
          form={form}
          blocked={blockers.length > 0}
        />
      )}
    </section>
  );
}

function Consequences(props: {
  preview: Preview;
  form: AskedFields;
  /** Nothing would be opened; accepting a gap is one of the ways out there. */
  blocked: boolean;
}) {
  const { preview, form, blocked } = props;
  const t = useText();
  const gaps = [
    ...new Set([
      ...form.acknowledges,
      ...(blocked ? [] : preview.acknowledgeable),
    ]),
  ];
  return (
    <>
      {!blocked && (
        <FindingList
          fold
          findings={[...preview.findings, ...preview.meaning.findings]}
          action={({ code }) => <FindingFix code={code} form={form} />}
        />
      )}
      <Acknowledgements
        gaps={gaps}
        accepted={form.acknowledges}
        caller={form.caller?.name ?? ''}
        onChange={form.setAcknowledges}
      />
      {!blocked && preview.files.length > 0 && (
        <div>
          <FieldLabel>{t('files.title')}</FieldLabel>
          <FileList files={preview.files} />
        </div>
      )}
    </>
  );
}
