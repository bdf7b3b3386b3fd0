import Button from '@material-ui/core/Button';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ApiAccess, Edge } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import type { DraftMode, DraftStart } from '../../draft';
import { type Text, useText } from '../../translation';
import { ExplainDialog } from '../Explain';
import {
  Badge,
  EdgeTable,
  nameOf,
  operationInput,
  operationText,
  Panel,
  quietText,
} from '../marks';
import { PolicyDialog } from './PolicyDialog';

const useStyles = makeStyles(theme => ({
  above: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
  },
  filter: { width: 240, maxWidth: '100%' },
  actions: {
    display: 'inline-flex',
    flexDirection: 'column',
    alignItems: 'flex-end',
    '& button': { whiteSpace: 'nowrap' },
    [theme.breakpoints.down('sm')]: {
      flexDirection: 'row',
      // The words of the buttons stand in line with the row above.
      marginLeft: theme.spacing(-0.625),
    },
  },
  said: { color: quietText(theme), marginBottom: theme.spacing(1.5) },
}));

/** What an empty list means. */
const NOBODY: {
  [state in ApiAccess['headline']['state']]?:
    | 'access.none'
    | 'access.noneGranted';
} = { closed: 'access.none', conditional: 'access.noneGranted' };

/** Everyone who can call the API, or was meant to, with a reason and an action in each row. */
export function CallersPanel(props: {
  access: ApiAccess;
  onAsk: (mode: DraftMode, draft?: DraftStart) => void;
}) {
  const { access, onAsk } = props;
  const { api, callers, headline } = access;
  const classes = useStyles();
  const t = useText();
  const [filter, setFilter] = useState('');
  const [explained, setExplained] = useState<Edge>();
  const [opened, setOpened] = useState<Edge>();
  const text = filter.trim().toLowerCase();
  const shown = callers.filter(edge =>
    [
      nameOf(t, edge.caller),
      edge.caller.ref,
      edge.everythingOn,
      edge.because,
      ...edge.operations.map(operationText),
    ].some(part => part?.toLowerCase().includes(text)),
  );
  return (
    <Panel
      title={t('access.callers')}
      count={countCallers(callers)}
      actions={
        <span className={classes.above}>
          {headline.ungranted > 0 && headline.state !== 'open' && (
            <Badge tone="warn">{ungrantedText(t, access)}</Badge>
          )}
          {headline.moreThanGranted !== undefined && (
            <Badge tone="warn">
              {t('access.moreThanGranted', { count: headline.moreThanGranted })}
            </Badge>
          )}
          <TextField
            className={classes.filter}
            variant="outlined"
            size="small"
            placeholder={t('access.filter')}
            inputProps={{ 'aria-label': t('access.filter'), type: 'search' }}
            value={filter}
            onChange={event => setFilter(event.target.value)}
          />
        </span>
      }
    >
      {callers.length === 0 && headline.state === 'open' && (
        <Typography variant="body2" className={classes.said}>
          {t('access.noneOpen')}
        </Typography>
      )}
      {callers.length > 0 && isCutByFirst(access) && (
        <Typography variant="body2" className={classes.said}>
          {t('access.cutByFirst')}
        </Typography>
      )}
      {callers.length === 0 && headline.state !== 'open' && (
        <Typography variant="body2">
          {t(NOBODY[headline.state] ?? 'access.notKnownYet')}
        </Typography>
      )}
      {callers.length > 0 && shown.length === 0 && (
        <Typography variant="body2">
          {t('access.noMatch', { text: filter })}
        </Typography>
      )}
      {shown.length > 0 && (
        <EdgeTable
          edges={shown}
          end="caller"
          label={t('access.callers')}
          actions={edge => (
            <EdgeActions
              edge={edge}
              mayGrant={access.grant.allowed}
              onAsk={onAsk}
              onExplain={() => setExplained(edge)}
              onShowPolicy={() => setOpened(edge)}
            />
          )}
        />
      )}
      {explained && (
        <ExplainDialog
          api={api}
          caller={explained.caller}
          operation={explained.operations[0]}
          onClose={() => setExplained(undefined)}
        />
      )}
      {opened && (
        <PolicyDialog edge={opened} onClose={() => setOpened(undefined)} />
      )}
    </Panel>
  );
}

/** Open, or open but for policies of others, and no grant yet: the first one cuts whoever is here. */
function isCutByFirst({ headline, clusters, callers }: ApiAccess): boolean {
  return (
    ['open', 'conditional'].includes(headline.state) &&
    clusters.every(({ isolation }) => isolation === 'open') &&
    callers.every(({ grant }) => !grant)
  );
}

/** A caller with several rows is one; those that the reader may not see cannot be told apart. */
function countCallers(callers: readonly Edge[]): number {
  return new Set(callers.map(({ caller }, index) => caller.ref || index)).size;
}

/** How many can call without a grant, by cluster where there are several: the sentence on top counts one at a time. */
function ungrantedText(t: Text, { callers, clusters, headline }: ApiAccess) {
  const counts = clusters.flatMap(({ cluster, isolation }) => {
    // Its rows are only those that consume the API: they are not all who can.
    if (isolation === 'open') {
      return [t('access.ungrantedEveryone', { cluster })];
    }
    const count = callers.filter(
      edge =>
        edge.status === 'effective-not-declared' &&
        edge.clusters.some(each => each.cluster === cluster),
    ).length;
    return count > 0
      ? [t('access.ungrantedInCluster', { number: String(count), cluster })]
      : [];
  });
  return clusters.length > 1 && counts.length > 0
    ? t('access.ungrantedIn', { counts: counts.join(', ') })
    : t('access.ungranted', { count: headline.ungranted });
}

/** What can be asked for: where the definition has some of it, nothing that it has not. */
function offered({ operations }: Edge) {
  const known = operations.filter(({ id }) => id !== undefined);
  return known.length > 0 ? known : operations;
}

function EdgeActions(props: {
  edge: Edge;
  mayGrant: boolean;
  onAsk: (mode: DraftMode, draft?: DraftStart) => void;
  onExplain: () => void;
  onShowPolicy: () => void;
}) {
  const { edge, mayGrant, onAsk, onExplain, onShowPolicy } = props;
  const classes = useStyles();
  const t = useText();
  const caller = nameOf(t, edge.caller);
  if (edge.caller.state === 'hidden') {
    return null;
  }
  const ungranted = edge.status === 'effective-not-declared';
  return (
    <span className={classes.actions}>
      {ungranted && edge.mayRequest && (
        <Button
          size="small"
          color="primary"
          aria-label={t(
            mayGrant ? 'access.makeGrantFor' : 'access.askForGrantFor',
            { caller },
          )}
          onClick={() =>
            onAsk(mayGrant ? 'grant' : 'request', {
              caller: edge.caller.ref,
              operations: offered(edge)
                .filter(({ method }) => method !== '*')
                .map(operationInput),
            })
          }
        >
          {t(mayGrant ? 'access.makeGrant' : 'access.askForGrant')}
        </Button>
      )}
      {(ungranted || edge.openedBy.length > 0 || edge.beyond) && (
        <Button
          size="small"
          color="primary"
          aria-label={t('access.showPolicyOf', { caller })}
          onClick={onShowPolicy}
        >
          {t('access.showPolicy')}
        </Button>
      )}
      {!ungranted && edge.caller.state === 'visible' && (
        <Button
          size="small"
          color="primary"
          aria-label={t('access.explainCaller', { caller })}
          onClick={onExplain}
        >
          {t('access.explain')}
        </Button>
      )}
    </span>
  );
}
