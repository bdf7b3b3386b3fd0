import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ImportResult,
  ImportSummary,
} from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { proposalRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { DecisionDialog, useAttempt } from '../dialogs';
import { accentText, nameOf, quietText } from '../marks';

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
  const attempt = useAttempt<readonly ImportSummary[], ImportResult>(
    chosen =>
      callgate.openImports({
        apis: chosen.map(({ api, digest = '' }) => ({ api: api.ref, digest })),
      }),
    onOpened,
  );
  const { send, busy, results } = attempt;
  return (
    <DecisionDialog
      title={
        results
          ? t('imports.dialog.done')
          : t('imports.dialog.title', { count: items.length })
      }
      attempt={attempt}
      failed={t('imports.dialog.failed')}
      maxWidth="sm"
      onClose={results ? onClose : onCancel}
      actions={
        <Button
          variant="contained"
          color="primary"
          onClick={() => send(items)}
          disabled={busy}
        >
          {t('imports.dialog.confirm')}
        </Button>
      }
    >
      {!results && (
        <Typography variant="body2">
          {t(removes ? 'imports.removal.help' : 'imports.dialog.help')}
        </Typography>
      )}
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
    </DecisionDialog>
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
