import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { DraftMode, draftToSearch } from '../../draft';
import { useEntityPath } from '../../routing';
import { useText } from '../../translation';
import { MONO, operationInput } from '../marks';
import type { RequestForm } from './useRequestForm';

const useStyles = makeStyles({
  link: { fontFamily: MONO, overflowWrap: 'anywhere', userSelect: 'all' },
});

/** A link that opens this request filled in, for those who may send it. */
export function CopyLink(props: {
  api: string;
  mode: DraftMode;
  form: RequestForm;
}) {
  const { api, mode, form } = props;
  const classes = useStyles();
  const t = useText();
  const entityPath = useEntityPath();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const { caller, operations, clusters, reason } = form;
  const path = entityPath(api, 'access');
  if (!caller || !path) {
    return null;
  }
  const search = draftToSearch(mode, {
    caller: caller.ref,
    operations: operations.map(operationInput),
    in: clusters,
    reason,
  });
  const link = `${globalThis.location.origin}${path}?${search}`;
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
    <div>
      <Button size="small" color="primary" onClick={copy}>
        {t('dialog.copyLink', { caller: caller.name })}
      </Button>
      <span role="status">
        {outcome === 'copied' && t('dialog.copied')}
        {outcome === 'failed' && (
          <Typography variant="body2" component="span">
            {t('dialog.copyFailed')}{' '}
            <span className={classes.link}>{link}</span>
          </Typography>
        )}
      </span>
    </div>
  );
}
