import { makeStyles } from '@material-ui/core/styles';
import type { FileChange } from '@callgate/plugin-callgate-common';
import { useMemo } from 'react';
import { Diff } from 'react-diff-view';
import { useText } from '../../translation';
import { diffHunks } from './diffHunks';
import { MONO } from './MethodChip';
import { quietText, toneColors } from './tones';

const useStyles = makeStyles(theme => ({
  root: {
    overflowX: 'auto',
    '& .diff': {
      width: '100%',
      tableLayout: 'fixed',
      borderCollapse: 'collapse',
      fontFamily: MONO,
      fontSize: theme.typography.pxToRem(12),
      lineHeight: 1.5,
    },
    '& .diff-gutter-col': { width: '5ch' },
    '& td': { padding: theme.spacing(0, 1), verticalAlign: 'top' },
    '& .diff-gutter': {
      textAlign: 'right',
      color: quietText(theme),
      userSelect: 'none',
      fontVariantNumeric: 'tabular-nums',
    },
    '& .diff-code': { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
    '& .diff-code::before': { content: '"  "', userSelect: 'none' },
    '& .diff-code-insert, & .diff-gutter-insert': {
      color: toneColors(theme, 'good').color,
      backgroundColor: toneColors(theme, 'good').background,
    },
    '& .diff-code-insert::before': { content: '"+ "' },
    '& .diff-code-delete, & .diff-gutter-delete': {
      color: toneColors(theme, 'bad').color,
      backgroundColor: toneColors(theme, 'bad').background,
    },
    '& .diff-code-delete::before': { content: '"− "' },
  },
}));

const TYPES = { added: 'add', changed: 'modify', removed: 'delete' } as const;

/** What changes in one file: both sides beside each other, or one below the other where a file has only one side. */
export function FileDiff(props: { file: FileChange; split?: boolean }) {
  const { file, split } = props;
  const classes = useStyles();
  const t = useText();
  const { before = '', after = '', status, path } = file;
  const hunks = useMemo(() => diffHunks(before, after), [before, after]);
  return (
    <div
      className={classes.root}
      role="region"
      tabIndex={0}
      aria-label={t('files.diffOf', { path })}
    >
      <Diff
        diffType={TYPES[status]}
        hunks={hunks}
        viewType={split && status === 'changed' ? 'split' : 'unified'}
      />
    </div>
  );
}
