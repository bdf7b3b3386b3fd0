import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type {
  ImportResult,
  ImportSummary,
} from '@callgate/plugin-callgate-common';
import { useEffect, useId, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { proposalRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { accentText, BREAKS, nameOf, Problem, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(1.5),
    margin: theme.spacing(2, 0, 0),
    padding: 0,
    listStyle: 'none',
  },
  name: { fontWeight: 600, overflowWrap: 'anywhere' },
  quiet: { color: quietText(theme) },
  link: { color: accentText(theme), fontWeight: 600 },
  actions: { padding: theme.spacing(2, 3) },
}));

/** Says what will be opened, asks once, and says what became of each. */
export function ImportDialog(props: {
  items: readonly ImportSummary[];
  /** It is the second step, which deletes policies by hand. */
  removes?: boolean;
  onOpened: () => void;
  /** Closed after something was done. */
  onClose: () => void;
  onCancel: () => void;
}) {
  const { items, removes = false, onOpened, onClose, onCancel } = props;
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const t = useText();
  const theme = useTheme();
  const small = useMediaQuery(theme.breakpoints.down('xs'));
  const titleId = useId();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [results, setResults] = useState<readonly ImportResult[]>();
  const closeButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is gone: whoever goes by keyboard goes on here.
    if (results) closeButton.current?.focus();
  }, [results]);
  const open = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await callgate.openImports({
        apis: items.map(({ api, digest = '' }) => ({ api: api.ref, digest })),
      });
      setResults(answer.results);
      onOpened();
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setBusy(false);
    }
  };
  const close = () => {
    if (busy) return;
    if (results) onClose();
    else onCancel();
  };
  return (
    <Dialog
      open
      onClose={close}
      fullScreen={small}
      fullWidth
      maxWidth="sm"
      aria-labelledby={titleId}
      PaperProps={BREAKS}
    >
      <DialogTitle id={titleId}>
        {results
          ? t('imports.dialog.done')
          : t('imports.dialog.title', { count: items.length })}
      </DialogTitle>
      <DialogContent>
        {!results && (
          <Typography variant="body2">
            {t(removes ? 'imports.removal.help' : 'imports.dialog.help')}
          </Typography>
        )}
        {error && <Problem title={t('imports.dialog.failed')} error={error} />}
        <ul className={classes.list} aria-live="polite">
          {items.map(item => (
            <li key={item.api.ref}>
              <Typography variant="body2" className={classes.name}>
                {nameOf(t, item.api)}
              </Typography>
              <Outcome
                item={item}
                removes={removes}
                result={results?.find(({ api }) => api === item.api.ref)}
              />
            </li>
          ))}
        </ul>
      </DialogContent>
      <DialogActions className={classes.actions}>
        {results ? (
          <Button
            ref={closeButton}
            variant="contained"
            color="primary"
            onClick={close}
          >
            {t('imports.dialog.close')}
          </Button>
        ) : (
          <>
            <Button onClick={close} disabled={busy}>
              {t('imports.dialog.cancel')}
            </Button>
            <Button
              variant="contained"
              color="primary"
              onClick={open}
              disabled={busy}
            >
              {t('imports.dialog.confirm')}
            </Button>
          </>
        )}
      </DialogActions>
    </Dialog>
  );
}

function Outcome(props: {
  item: ImportSummary;
  removes: boolean;
  result?: ImportResult;
}) {
  const { item, removes, result } = props;
  const classes = useStyles();
  const t = useText();
  const toProposal = useOptionalRouteRef(proposalRouteRef);
  if (!result && removes) return null;
  if (!result)
    return (
      <Typography variant="body2" className={classes.quiet}>
        {t('imports.dialog.summary', {
          grants: t('imports.grants', { count: item.grants }),
          kept: t('imports.kept', { count: item.kept }),
        })}
      </Typography>
    );
  if (!result.opened)
    return (
      <Typography variant="body2">
        {t('imports.dialog.refused', { reason: result.reason ?? '' })}
      </Typography>
    );
  return (
    <Typography variant="body2" component="div">
      {t('imports.dialog.opened')}{' '}
      {result.proposal !== undefined && toProposal && (
        <Link to={toProposal({ id: result.proposal })} className={classes.link}>
          {t('imports.dialog.show')}
        </Link>
      )}
    </Typography>
  );
}
