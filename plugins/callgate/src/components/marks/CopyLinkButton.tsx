import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { MONO } from './MethodChip';

const useStyles = makeStyles({
  link: { fontFamily: MONO, overflowWrap: 'anywhere', userSelect: 'all' },
});

/**
 * Puts a link to a page of this portal on the clipboard, or shows it where the browser gives none.
 *
 * @param to - path with its query
 * @param copied - said when it is on the clipboard
 * @param failed - said before the link otherwise
 */
export function CopyLinkButton(props: {
  to: string;
  label: string;
  copied: string;
  failed: string;
  size?: 'small';
}) {
  const { to, label, copied, failed, size } = props;
  const classes = useStyles();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const link = `${globalThis.location.origin}${to}`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      setOutcome('copied');
    } catch {
      // Browsers give no clipboard to pages without TLS.
      setOutcome('failed');
    }
  };
  return (
    <span>
      <Button size={size} color="primary" onClick={copy}>
        {label}
      </Button>
      <Typography variant="body2" component="span" role="status">
        {outcome === 'copied' && copied}
        {outcome === 'failed' && (
          <>
            {failed} <span className={classes.link}>{link}</span>
          </>
        )}
      </Typography>
    </span>
  );
}
