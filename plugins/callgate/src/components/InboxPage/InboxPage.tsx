import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { callgateApiRef } from '../../api';
import {
  usePages,
  useReloadOnChange,
  useWaiting,
  waitingTotal,
} from '../../hooks';
import { useText } from '../../translation';
import { EmptyList, quietText, Status, useHiddenText } from '../marks';
import { ApprovalRulesLink } from '../ApprovalRulesPage';
import { ReviewsLink } from '../ReviewsPage/ReviewsLink';
import { InboxFilters } from './InboxFilters';
import { InboxList } from './InboxList';
import { INBOX_PANEL, InboxTabs } from './InboxTabs';
import { BulkBar } from './BulkBar';
import { usePicking } from './usePicking';
import { type InboxQuery, isNarrowed, useInboxUrl } from './useInboxUrl';
import { WaitingForMerge } from './WaitingForMerge';

const PAGE = 50;

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), maxWidth: 1400 },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
  },
  quiet: { color: quietText(theme), fontVariantNumeric: 'tabular-nums' },
  keys: { marginLeft: 'auto', '@media (hover: none)': { display: 'none' } },
}));

/** The inbox: what waits for me? */
export function InboxPage() {
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const hidden = useHiddenText();
  const t = useText();
  const { query, showTab, set, clearFilters } = useInboxUrl();
  const { tab } = query;
  const list = usePages(JSON.stringify(query), (cursor, signal) =>
    callgate.listRequests(
      {
        ...query,
        limit: PAGE,
        ...(cursor && { cursor }),
      },
      { signal },
    ),
  );
  const picking = usePicking();
  const waiting = useWaiting();
  useReloadOnChange(list.reload);
  return (
    <div className={classes.root}>
      <h2 className={hidden}>{t('inbox.title')}</h2>
      <InboxTabs tab={tab} waiting={waitingTotal(waiting)} onChange={showTab} />
      <div
        role="tabpanel"
        id={INBOX_PANEL}
        aria-labelledby={`callgate-inbox-${tab}`}
        className={classes.root}
      >
        <InboxFilters query={query} onSet={set} onClear={clearFilters} />
        <ApprovalRulesLink />
        {tab === 'waiting' && <ReviewsLink waiting={waiting.reviews} />}
        {tab === 'waiting' && <WaitingForMerge waiting={waiting} />}
        <Status loaded={list} failed={t('inbox.failed')}>
          {({ items, total, nextCursor }) =>
            items.length === 0 ? (
              // Beside pull requests that wait, "no request waits" would read as if nothing did.
              (isNarrowed(query) ||
                tab !== 'waiting' ||
                waitingTotal(waiting) === 0) && <Empty query={query} />
            ) : (
              <>
                {query.sort === 'risk' &&
                  items.some(({ meaningChanged }) => meaningChanged) && (
                    <Typography variant="caption" className={classes.quiet}>
                      {t('inbox.sortedAsSent')}
                    </Typography>
                  )}
                <InboxList
                  requests={items}
                  showState={tab !== 'waiting'}
                  picking={tab === 'waiting' ? picking : undefined}
                />
                <div className={classes.bar}>
                  {nextCursor && (
                    <Button
                      variant="outlined"
                      size="small"
                      // A button that is disabled loses the focus, and its reader the place.
                      aria-disabled={list.loading}
                      onClick={() => list.loading || list.more()}
                    >
                      {t('inbox.more')}
                    </Button>
                  )}
                  <Typography variant="caption" className={classes.quiet}>
                    {t('inbox.shown', {
                      shown: String(items.length),
                      total: String(total),
                    })}
                  </Typography>
                  <Typography
                    variant="caption"
                    className={`${classes.quiet} ${classes.keys}`}
                  >
                    {t('inbox.keys')}
                  </Typography>
                </div>
              </>
            )
          }
        </Status>
        {/* Not within the list: what became of the last ones is still said when nothing is left in it. */}
        {tab === 'waiting' && (
          <BulkBar
            picked={(list.value?.items ?? []).filter(({ id }) =>
              picking.isPicked(id),
            )}
            onClear={picking.clear}
            onDecided={list.reload}
          />
        )}
      </div>
    </div>
  );
}

function Empty({ query }: { query: InboxQuery }) {
  const t = useText();
  const { tab } = query;
  return isNarrowed(query) ? (
    <EmptyList title={t('inbox.noneMatch')} help={t('inbox.noneMatchHelp')} />
  ) : (
    <EmptyList
      title={t(`inbox.empty.${tab}`)}
      help={t(`inbox.emptyHelp.${tab}`)}
    />
  );
}
