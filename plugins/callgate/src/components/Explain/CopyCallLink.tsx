import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { useExplainPath } from '../../routing';
import { useText } from '../../translation';
import { MONO } from '../marks';
import { callToSearch } from './callInUrl';
import type { CallParts } from './explainedCall';

const useStyles = makeStyles({
  link: { fontFamily: MONO, overflowWrap: 'anywhere', userSelect: 'all' },
});

/** A link that opens the answer to a call; nothing in portals that do not have its page. */
export function CopyCallLink(props: {
  from: string;
  to: string;
  call: CallParts;
}) {
  const { from, to, call } = props;
  const classes = useStyles();
  const t = useText();
  const path = useExplainPath();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  if (!path) return null;
  const link = `${globalThis.location.origin}${path}?${callToSearch(
    from,
    to,
    call,
  )}`;
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
      <Button color="primary" onClick={copy}>
        {t('call.copyLink')}
      </Button>
      <Typography variant="body2" component="span" role="status">
        {outcome === 'copied' && t('call.copied')}
        {outcome === 'failed' && (
          <>
            {t('call.copyFailed')} <span className={classes.link}>{link}</span>
          </>
        )}
      </Typography>
    </span>
  );
}
