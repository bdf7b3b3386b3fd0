import ButtonBase from '@material-ui/core/ButtonBase';
import Collapse from '@material-ui/core/Collapse';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import type { FileChange } from '@callgate/plugin-callgate-common';
import { useId, useState } from 'react';
import { useText } from '../../translation';
import { FileDiff } from './FileDiff';
import { accentText, quietText, toneText } from './tones';

const KINDS = ['declaration', 'kernel', 'mesh', 'other'] as const;

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  kind: {
    marginBottom: theme.spacing(0.5),
    fontSize: theme.typography.pxToRem(12),
    color: quietText(theme),
  },
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    overflow: 'hidden',
    '& > li + li': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  head: {
    width: '100%',
    justifyContent: 'flex-start',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 1.5),
    font: 'inherit',
    fontSize: theme.typography.body2.fontSize,
    textAlign: 'left',
    '&:focus-visible': {
      outline: `2px solid ${accentText(theme)}`,
      outlineOffset: -2,
    },
  },
  arrow: { flex: 'none', transform: 'rotate(-90deg)' },
  open: { transform: 'none' },
  path: { flex: 1, minWidth: 0, overflowWrap: 'anywhere' },
  counts: { flex: 'none', fontVariantNumeric: 'tabular-nums' },
  plus: { color: toneText(theme, 'good'), fontWeight: 600 },
  minus: { color: toneText(theme, 'bad'), fontWeight: 600 },
}));

/** Files of a pull request, folded by what they are for; each opens to its diff. */
export function FileList(props: {
  files: readonly FileChange[];
  /** Both sides of a diff beside each other. */
  split?: boolean;
  /** Opens every file from the start. */
  open?: boolean;
}) {
  const { files, split, open } = props;
  const classes = useStyles();
  const t = useText();
  if (files.length === 0) {
    return <Typography variant="body2">{t('files.none')}</Typography>;
  }
  return (
    <div className={classes.root}>
      {KINDS.map(kind => ({
        kind,
        of: files.filter(file => file.kind === kind),
      }))
        .filter(({ of }) => of.length > 0)
        .map(({ kind, of }) => (
          <div key={kind}>
            <Typography variant="body2" className={classes.kind}>
              {t(`files.kind.${kind}`)}
            </Typography>
            <ul className={classes.list}>
              {of.map(file => (
                <li key={file.path}>
                  <FileRow file={file} split={split} initiallyOpen={open} />
                </li>
              ))}
            </ul>
          </div>
        ))}
    </div>
  );
}

function FileRow(props: {
  file: FileChange;
  split?: boolean;
  initiallyOpen?: boolean;
}) {
  const { file, split, initiallyOpen } = props;
  const classes = useStyles();
  const t = useText();
  const contentId = useId();
  const [open, setOpen] = useState(Boolean(initiallyOpen));
  return (
    <>
      <ButtonBase
        className={classes.head}
        aria-expanded={open}
        aria-controls={contentId}
        onClick={() => setOpen(!open)}
      >
        <ExpandMoreIcon
          fontSize="small"
          className={`${classes.arrow} ${open ? classes.open : ''}`}
          aria-hidden
        />
        <span className={classes.path}>{file.path}</span>
        <span className={classes.counts}>
          {file.status !== 'changed' && `${t(`files.status.${file.status}`)} `}
          <span className={classes.plus}>+{file.additions}</span>{' '}
          <span className={file.deletions > 0 ? classes.minus : undefined}>
            −{file.deletions}
          </span>
        </span>
      </ButtonBase>
      <div id={contentId}>
        <Collapse in={open} unmountOnExit>
          <FileDiff file={file} split={split} />
        </Collapse>
      </div>
    </>
  );
}
