import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { useText } from '../../translation';
import { MONO, quietGround } from '../marks';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
  },
  line: {
    flex: '1 1 16rem',
    minWidth: 0,
    padding: theme.spacing(0.75, 1),
    borderRadius: theme.shape.borderRadius,
    backgroundColor: quietGround(theme),
    fontFamily: MONO,
    fontSize: theme.typography.pxToRem(12),
    overflowWrap: 'anywhere',
    userSelect: 'all',
  },
}));

/** A line of YAML with a button that puts it on the clipboard. */
export function CopyLine({ field, text }: { field: string; text: string }) {
  const classes = useStyles();
  const t = useText();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      // Browsers give no clipboard to pages without TLS.
      setOutcome('failed');
    }
  };
  return (
    <div className={classes.root}>
      <code className={classes.line}>{text}</code>
      <Button
        size="small"
        color="primary"
        onClick={copy}
        aria-label={t('clusters.copyOf', { field })}
      >
        {t('clusters.copy')}
      </Button>
      <Typography variant="caption" component="span" role="status">
        {outcome === 'copied' && t('clusters.copied')}
        {outcome === 'failed' && t('clusters.copyFailed')}
      </Typography>
    </div>
  );
}
