import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  EntityLabel,
  Finding,
  Meaning,
} from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { type Text, useText } from '../../translation';
import { FindingList } from './FindingList';
import { dayText } from './LastDay';
import { MeaningLosses } from './MeaningLosses';
import { MeaningFlips } from './MeaningFlips';
import { changesOf } from './edgeChanges';
import { MeaningRows } from './MeaningRows';
import { MeaningTable } from './MeaningTable';
import { OthersList } from './OthersList';
import { quietText } from './tones';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1.5), minWidth: 0 },
  quiet: { color: quietText(theme) },
  details: {
    color: quietText(theme),
    overflowWrap: 'anywhere',
    '& > summary': { cursor: 'pointer' },
    '& > p': { margin: 0 },
  },
}));

/**
 * What a request or proposal changes: gained, restored, lost, isolation flips with whom they cut, policies of others,
 * what stays, findings. The same
 * in the dialog (`dense`), on the request page and on the proposal page.
 */
export function MeaningCard(props: {
  api: EntityLabel;
  meaning: Meaning;
  /** Lines instead of a table. */
  dense?: boolean;
  /** What can be done about a finding. */
  findingAction?: (finding: Finding) => ReactNode;
}) {
  const { api, meaning, dense, findingAction } = props;
  const classes = useStyles();
  const t = useText();
  const {
    lost,
    restored,
    flips,
    others,
    unchanged,
    plumbing,
    plumbingObjects = [],
    opened = [],
    left,
    until,
    findings,
  } = meaning;
  const hasChanges = changesOf(meaning).length > 0;
  // Whoever loses nothing, because an API opens to everyone, is no reason to say that nothing changes.
  const nothing =
    !hasChanges && opened.length === 0 && flips.length === 0 && !left;
  const cuts = flips.some(
    ({ cut, cutWorkloads, cutUnseen = 0, cutAddresses }) =>
      cut.length + cutWorkloads.length + cutUnseen > 0 || cutAddresses,
  );
  const rest = [
    restored.length > 0 && t('meaning.restoredBecause'),
    // That nobody's access changes has been said.
    !nothing && lost.length === 0 && !cuts && t('meaning.nobodyLoses'),
    unchanged > 0 && t('meaning.unchanged', { count: unchanged }),
    plumbing.length > 0 && t('meaning.plumbing', { list: plumbing.join('; ') }),
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={classes.root}>
      {nothing && (
        <Typography variant="body2">{nothingText(t, until)}</Typography>
      )}
      {hasChanges && dense && <MeaningRows meaning={meaning} />}
      {hasChanges && !dense && <MeaningTable api={api} meaning={meaning} />}
      <MeaningLosses api={api} meaning={meaning} />
      <MeaningFlips api={api} flips={flips} />
      <OthersList others={others} />
      {rest && (
        <Typography variant="body2" className={classes.quiet}>
          {rest}
        </Typography>
      )}
      {plumbingObjects.length > 0 && (
        <details className={classes.details}>
          <Typography component="summary" variant="caption">
            {t('meaning.plumbingObjects')}
          </Typography>
          {plumbingObjects.map(text => (
            <Typography key={text} variant="caption" component="p">
              {text}
            </Typography>
          ))}
        </details>
      )}
      <FindingList findings={findings} action={findingAction} />
    </div>
  );
}

/** Where nobody's access changes, the last day may all the same. */
function nothingText(t: Text, until: string | undefined): string {
  if (until === undefined) return t('meaning.nothing');
  return until === ''
    ? t('meaning.onlyWithoutEnd')
    : t('meaning.onlyUntil', { day: dayText(t, until) });
}
