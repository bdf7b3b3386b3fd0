import Button from '@material-ui/core/Button';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRow,
  ApiAccess,
  GrantInfo,
} from '@callgate/plugin-callgate-common';
import { type ReactNode, useState } from 'react';
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
  requestsLikeText,
  uniqueOperations,
} from '../marks';
import { alsoListed } from './alsoListed';
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
  grantActions: (grant: GrantInfo, row: AccessRow) => ReactNode;
}) {
  const { access, onAsk, grantActions } = props;
  const { api, callers, headline } = access;
  const classes = useStyles();
  const t = useText();
  const [filter, setFilter] = useState('');
  const [explained, setExplained] = useState<AccessRow>();
  const [opened, setOpened] = useState<AccessRow>();
  const text = filter.trim().toLowerCase();
  const shown = callers.filter(row =>
    wordsOf(t, row).some(part => part.toLowerCase().includes(text)),
  );
  // Where everyone can call those who are listed are not all who can.
  const able = headline.state === 'open' ? callers.length : headline.callers;
  return (
    <Panel
      title={t('access.callers')}
      count={able}
      actions={
        <span className={classes.above}>
          {headline.ungranted > 0 && headline.state !== 'open' && (
            <Badge tone="warn">{ungrantedText(t, access)}</Badge>
          )}
          {headline.moreThanGranted > 0 && (
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
      {callers.length > 0 && headline.firstGrantCloses && (
        <Typography variant="body2" className={classes.said}>
          {t('access.cutByFirst')}
        </Typography>
      )}
      {callers.length > able && (
        <Typography variant="body2" className={classes.said}>
          {t('access.alsoListed', { list: alsoListed(t, access, able) })}
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
          grantActions={grantActions}
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
          operation={operationsOf(explained)[0]}
          onClose={() => setExplained(undefined)}
        />
      )}
      {opened && (
        <PolicyDialog row={opened} onClose={() => setOpened(undefined)} />
      )}
    </Panel>
  );
}

/** What a filter looks in. */
function wordsOf(t: Text, row: AccessRow): string[] {
  const { caller, grants, beyond } = row;
  return [
    nameOf(t, caller),
    caller.ref,
    ...[...grants, ...beyond].map(({ because }) => because),
    ...beyond.flatMap(({ everythingOn, others }) => [
      everythingOn ?? '',
      ...others.map(each => requestsLikeText(t, each)),
    ]),
    ...operationsOf(row).map(operationText),
  ];
}

/** Everything that is an operation in a row: what was granted first. */
function operationsOf({ grants, beyond }: AccessRow) {
  return [...grants, ...beyond].flatMap(({ operations }) => operations);
}

/** How many can call without a grant, by cluster where there are several: the sentence on top counts one at a time. */
function ungrantedText(t: Text, { clusters, headline }: ApiAccess) {
  const counts = clusters.flatMap(({ cluster, isolation, ungranted = 0 }) => {
    // Its rows are only those that consume the API: they are not all who can.
    if (isolation === 'open') {
      return [t('access.ungrantedEveryone', { cluster })];
    }
    return ungranted > 0
      ? [
          t('access.ungrantedInCluster', {
            number: String(ungranted),
            cluster,
          }),
        ]
      : [];
  });
  return clusters.length > 1 && counts.length > 0
    ? t('access.ungrantedIn', { counts: counts.join(', ') })
    : t('access.ungranted', { count: headline.ungranted });
}

function EdgeActions(props: {
  edge: AccessRow;
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
  const { grants, beyond, mayRequest } = edge;
  const opens = beyond.some(({ openedBy }) => openedBy.length > 0);
  const refuses = grants.some(({ refusedBy }) => refusedBy.length > 0);
  return (
    <span className={classes.actions}>
      {mayRequest && (
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
              operations: uniqueOperations(beyond).map(operationInput),
            })
          }
        >
          {t(mayGrant ? 'access.makeGrant' : 'access.askForGrant')}
        </Button>
      )}
      {(opens || refuses) && (
        <Button
          size="small"
          color="primary"
          aria-label={t(
            opens ? 'access.showPolicyOf' : 'access.showRefusingPolicyOf',
            { caller },
          )}
          onClick={onShowPolicy}
        >
          {t('access.showPolicy')}
        </Button>
      )}
      {grants.length > 0 && edge.caller.state === 'visible' && (
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
