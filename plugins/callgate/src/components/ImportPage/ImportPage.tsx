import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ImportReport,
  ImportSummary,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef } from '../../api';
import { type Loaded, usePollWhile } from '../../hooks';
import { useText } from '../../translation';
import { EmptyList, EstateNotice, Panel, toneColors } from '../marks';
import { LoadedPage, SubPage } from '../SubPage';
import { ImportDialog } from './ImportDialog';
import { ImportRow } from './ImportRow';

/** What the backend takes at once. */
const MOST = 50;

const useStyles = makeStyles(theme => ({
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    minWidth: 0,
    '& > li + li': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
  },
  problem: {
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    color: toneColors(theme, 'warn').color,
    backgroundColor: toneColors(theme, 'warn').background,
  },
}));

/** Whose callers do policies by hand say, and which of that can become declarations? For the platform team. */
export function ImportPage() {
  const callgate = useApi(callgateApiRef);
  const t = useText();
  return (
    <LoadedPage
      name="imports"
      load={signal => callgate.getImports({ signal })}
      failed={t('imports.failed')}
    >
      {(report, loaded) => <ImportView report={report} loaded={loaded} />}
    </LoadedPage>
  );
}

function ImportView(props: {
  report: ImportReport;
  loaded: Loaded<ImportReport>;
}) {
  const { report, loaded } = props;
  const { items, workedOut, total, problem, source } = report;
  const classes = useStyles();
  const t = useText();
  const isReady = ({ state, digest }: ImportSummary) =>
    state === 'written' && digest !== undefined;
  const ready = items.filter(isReady);
  const others = items.filter(each => !isReady(each));
  const isWorking = workedOut < total;
  usePollWhile(isWorking, loaded.reload);
  return (
    <SubPage
      under="proposals"
      crumb={t('imports.crumb')}
      title={t('imports.title')}
      help={t('imports.help')}
      source={source}
    >
      <EstateNotice source={source} reload={loaded.reload} />
      {problem !== undefined && (
        <Typography variant="body2" className={classes.problem}>
          {problem}
        </Typography>
      )}
      <Typography variant="body2" role="status">
        {isWorking &&
          t('imports.working', {
            done: String(workedOut),
            total: String(total),
          })}
      </Typography>
      {problem === undefined && total === 0 && (
        <EmptyList title={t('imports.empty')} help={t('imports.emptyHelp')} />
      )}
      {total > 0 && !isWorking && ready.length === 0 && (
        <Typography variant="body2">{t('imports.readyNone')}</Typography>
      )}
      {ready.length > 0 && <ReadyPanel ready={ready} reload={loaded.reload} />}
      {others.length > 0 && (
        <Panel title={t('imports.others')} count={others.length}>
          <ul className={classes.list}>
            {others.map(each => (
              <ImportRow
                key={each.api.ref}
                item={each}
                onOpened={loaded.reload}
              />
            ))}
          </ul>
        </Panel>
      )}
    </SubPage>
  );
}

/** What can be imported, to choose from. What changes while somebody reads is not chosen any more. */
function ReadyPanel(props: {
  ready: readonly ImportSummary[];
  reload: () => void;
}) {
  const { ready, reload } = props;
  const classes = useStyles();
  const t = useText();
  /** Digests of what was read, by API. */
  const [marked, setMarked] = useState<ReadonlyMap<string, string>>(new Map());
  const [asking, setAsking] = useState<readonly ImportSummary[]>();
  const choosable = ready.filter(({ choose }) => choose.allowed);
  const isChosen = ({ api, digest }: ImportSummary) =>
    digest !== undefined && marked.get(api.ref) === digest;
  const chosen = choosable.filter(isChosen);
  const mark = (items: readonly ImportSummary[], on: boolean) => {
    const next = new Map(marked);
    for (const { api, digest } of items) {
      if (on && digest !== undefined) next.set(api.ref, digest);
      else next.delete(api.ref);
    }
    setMarked(next);
  };
  const tooMany = chosen.length > MOST;
  return (
    <Panel title={t('imports.ready')} count={ready.length}>
      <div className={classes.bar}>
        {choosable.length > 1 && (
          <FormControlLabel
            control={
              <Checkbox
                color="primary"
                checked={chosen.length === choosable.length}
                indeterminate={
                  chosen.length > 0 && chosen.length < choosable.length
                }
                onChange={(_event, on) => mark(choosable, on)}
              />
            }
            label={t('imports.chooseAll')}
          />
        )}
        <Typography variant="body2" role="status">
          {t('imports.chosen', { count: chosen.length })}{' '}
          {tooMany && t('imports.most', { most: String(MOST) })}
        </Typography>
        <Button
          variant="contained"
          color="primary"
          disabled={chosen.length === 0 || tooMany}
          onClick={() => setAsking(chosen)}
        >
          {t('imports.open')}
        </Button>
      </div>
      <ul className={classes.list}>
        {ready.map(each => (
          <ImportRow
            key={each.api.ref}
            item={each}
            onOpened={reload}
            chosen={isChosen(each)}
            onChoose={on => mark([each], on)}
          />
        ))}
      </ul>
      {asking && (
        <ImportDialog
          items={asking}
          onOpened={reload}
          onClose={() => {
            setAsking(undefined);
            setMarked(new Map());
          }}
          onCancel={() => setAsking(undefined)}
        />
      )}
    </Panel>
  );
}
