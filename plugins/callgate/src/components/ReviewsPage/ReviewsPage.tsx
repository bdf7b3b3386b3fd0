import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { DueReview, ReviewPage } from '@callgate/plugin-callgate-common';
import { useMemo, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { useLoaded, usePages, useReloadOnChange } from '../../hooks';
import { inboxRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { EmptyList, nameOf, Panel, quietText, Status } from '../marks';
import { Choice, SearchField } from '../InboxPage/FilterFields';
import { loadNames } from '../InboxPage/loadNames';
import { PickedBar } from '../InboxPage/PickedBar';
import { type Picks, usePicks } from '../InboxPage/usePicking';
import { useRowKeys } from '../InboxPage/useRowKeys';
import { Crumbs } from '../RequestPage';
import { ReviewDialog } from './ReviewDialog';
import { ReviewRow } from './ReviewRow';
import { reviewKey } from './reviewWords';
import { useReviewsUrl } from './useReviewsUrl';

const PAGE = 50;
/** As many as can be decided at once. */
const MOST_PICKED = 50;

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), maxWidth: 1400 },
  title: {
    margin: theme.spacing(0.5, 0, 1),
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.35,
  },
  filters: {
    display: 'grid',
    gridTemplateColumns:
      'minmax(220px, 2fr) repeat(auto-fit, minmax(140px, 1fr))',
    gap: theme.spacing(1.5),
    alignItems: 'start',
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
      '& > :first-child': { gridColumn: '1 / -1' },
    },
  },
  groups: { display: 'grid', gap: theme.spacing(2), minWidth: 0 },
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& > li + li': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
  },
  quiet: { color: quietText(theme), fontVariantNumeric: 'tabular-nums' },
}));

/** Grants on the reader's APIs that are due for a review: do they stay? */
export function ReviewsPage() {
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const t = useText();
  const inbox = useOptionalRouteRef(inboxRouteRef);
  const { query, isNarrowed, set, clear } = useReviewsUrl();
  const list = usePages(`reviews ${JSON.stringify(query)}`, (cursor, signal) =>
    callgate.listReviews(
      { ...query, limit: PAGE, ...(cursor && { cursor }) },
      { signal },
    ),
  );
  useReloadOnChange(list.reload);
  const picks = usePicks(MOST_PICKED);
  // What is decided leaves the list; the dialog shows what became of it until it is closed.
  const [deciding, setDeciding] = useState<readonly DueReview[]>();
  const picked = (list.value?.items ?? []).filter(each =>
    picks.isPicked(reviewKey(each)),
  );
  const most =
    picked.length === MOST_PICKED
      ? ` ${t('reviews.most', { number: String(MOST_PICKED) })}`
      : '';
  return (
    <div className={classes.root}>
      <header>
        <Crumbs
          list={t('pages.requests')}
          path={inbox?.()}
          here={t('reviews.title')}
        />
        <Typography variant="h2" className={classes.title}>
          {t('reviews.title')}
        </Typography>
        <Typography variant="body2" className={classes.quiet}>
          {t('reviews.help')}
        </Typography>
      </header>
      <Filters query={query} onSet={set} />
      <Status loaded={list} failed={t('reviews.failed')}>
        {page =>
          page.items.length === 0 ? (
            <Nothing page={page} isNarrowed={isNarrowed} onClear={clear} />
          ) : (
            <>
              <Groups
                reviews={page.items}
                picks={picks}
                onDecide={review => setDeciding([review])}
              />
              <div className={classes.bar}>
                {page.nextCursor && (
                  <Button
                    variant="outlined"
                    size="small"
                    // A button that is disabled loses the focus, and its reader the place.
                    aria-disabled={list.loading}
                    onClick={() => list.loading || list.more()}
                  >
                    {t('reviews.more')}
                  </Button>
                )}
                <Typography variant="caption" className={classes.quiet}>
                  {t('reviews.shown', {
                    shown: String(page.items.length),
                    total: String(page.total),
                  })}
                </Typography>
              </div>
              <Hidden count={page.hidden} />
            </>
          )
        }
      </Status>
      {picked.length > 0 && (
        <PickedBar
          label={t('reviews.bar')}
          text={`${t('reviews.picked', { count: picked.length })}${most}`}
          clear={t('reviews.clear')}
          open={t('reviews.decide')}
          onClear={picks.clear}
          onOpen={() => setDeciding(picked)}
        />
      )}
      {deciding && (
        <ReviewDialog
          reviews={deciding}
          onDecided={list.reload}
          onClose={decided => {
            setDeciding(undefined);
            if (decided) picks.set(deciding.map(reviewKey), false);
          }}
        />
      )}
    </div>
  );
}

function Filters(props: {
  query: ReturnType<typeof useReviewsUrl>['query'];
  onSet: ReturnType<typeof useReviewsUrl>['set'];
}) {
  const { query, onSet } = props;
  const classes = useStyles();
  const t = useText();
  const catalog = useApi(catalogApiRef);
  const names = useLoaded('names', () => loadNames(catalog));
  const { systems = [], apis = [] } = names.value ?? {};
  return (
    <div
      className={classes.filters}
      role="search"
      aria-label={t('reviews.filters')}
    >
      <SearchField
        label={t('reviews.search')}
        placeholder={t('reviews.searchPlaceholder')}
        value={query.q ?? ''}
        onSearch={text => onSet('q', text)}
      />
      <Choice
        label={t('inbox.filterApi')}
        value={query.api ?? ''}
        options={apis}
        onChange={value => onSet('api', value)}
      />
      <Choice
        label={t('inbox.filterSystem')}
        value={query.system ?? ''}
        options={systems}
        onChange={value => onSet('system', value)}
      />
    </div>
  );
}

/** Grants by API, in the order in which they come; j and k move from row to row. */
function Groups(props: {
  reviews: readonly DueReview[];
  picks: Picks;
  onDecide: (review: DueReview) => void;
}) {
  const { reviews, picks, onDecide } = props;
  const classes = useStyles();
  const t = useText();
  const list = useRef<HTMLDivElement>(null);
  useRowKeys(list);
  const groups = useMemo(() => {
    const found = new Map<string, DueReview[]>();
    reviews.forEach(each => {
      const known = found.get(each.api.ref);
      if (known) known.push(each);
      else found.set(each.api.ref, [each]);
    });
    return [...found.values()];
  }, [reviews]);
  return (
    <div ref={list} className={classes.groups}>
      {groups.map(group => {
        const [{ api }] = group;
        const name = nameOf(t, api);
        const keys = group
          .filter(({ keep, end }) => keep.allowed || end.allowed)
          .map(reviewKey);
        const count = keys.filter(picks.isPicked).length;
        return (
          <Panel
            key={api.ref}
            title={name}
            count={group.length}
            actions={
              <Checkbox
                size="small"
                color="primary"
                checked={count > 0 && count === keys.length}
                indeterminate={count > 0 && count < keys.length}
                disabled={keys.length === 0}
                onChange={() => picks.set(keys, count === 0)}
                inputProps={{
                  'aria-label': t('reviews.pickAll', { api: name }),
                }}
              />
            }
          >
            <ul className={classes.list} aria-label={name}>
              {group.map(review => (
                <li key={reviewKey(review)}>
                  <ReviewRow
                    review={review}
                    picks={picks}
                    onDecide={onDecide}
                  />
                </li>
              ))}
            </ul>
          </Panel>
        );
      })}
    </div>
  );
}

function Nothing(props: {
  page: ReviewPage;
  isNarrowed: boolean;
  onClear: () => void;
}) {
  const { page, isNarrowed, onClear } = props;
  const t = useText();
  if (isNarrowed) {
    return (
      <div>
        <Typography variant="body2" paragraph>
          {t('reviews.noneMatch')}
        </Typography>
        <Button size="small" color="primary" onClick={onClear}>
          {t('inbox.clearFilter')}
        </Button>
      </div>
    );
  }
  return (
    <>
      <EmptyList
        title={t(page.asked ? 'reviews.empty' : 'reviews.notAsked')}
        help={t(page.asked ? 'reviews.emptyHelp' : 'reviews.notAskedHelp')}
      />
      <Hidden count={page.hidden} />
    </>
  );
}

function Hidden({ count }: { count: number }) {
  const classes = useStyles();
  const t = useText();
  return count > 0 ? (
    <Typography variant="body2" className={classes.quiet}>
      {t('reviews.hidden', { count })}
    </Typography>
  ) : null;
}
