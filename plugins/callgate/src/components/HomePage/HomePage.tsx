import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { callgateApiRef } from '../../api';
import {
  useLoaded,
  useReloadOnChange,
  useWaiting,
  waitingTotal,
} from '../../hooks';
import { useText } from '../../translation';
import { ClaimsLink } from '../ClaimsPage';
import { ReviewsLink } from '../ReviewsPage/ReviewsLink';
import { Problem, useHiddenText } from '../marks';
import { HomeList } from './HomeList';
import { ProposalLine, RequestLine } from './lines';

/** As much as one screen holds; whoever wants more follows the number. */
const SHOWN = 5;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(3),
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    alignItems: 'start',
    maxWidth: 1400,
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  wide: { gridColumn: '1 / -1' },
  title: {
    fontSize: theme.typography.pxToRem(24),
    fontWeight: 600,
    lineHeight: 1.35,
  },
}));

/** What people see first: what waits for me, what have I asked for, what is new on my APIs? */
export function HomePage(props: {
  /** Where the portal draws no header with a title around it. */
  titled?: boolean;
}) {
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const hidden = useHiddenText();
  const t = useText();
  const waiting = useWaiting();
  const toDecide = useLoaded('home waiting', signal =>
    callgate.listRequests(
      { tab: 'waiting', sort: 'risk', limit: SHOWN },
      { signal },
    ),
  );
  const mine = useLoaded('home mine', signal =>
    callgate.listRequests(
      { tab: 'mine', sort: '-createdAt', limit: SHOWN },
      { signal },
    ),
  );
  const ours = useLoaded('home ours', signal =>
    callgate.listRequests(
      { tab: 'ours', sort: '-createdAt', limit: 2 * SHOWN },
      { signal },
    ),
  );
  useReloadOnChange(toDecide.reload);
  useReloadOnChange(mine.reload);
  useReloadOnChange(ours.reload);
  const { proposals, proposalsError, claims, reviews, reload } = waiting;
  const toMerge = proposals?.items.slice(0, SHOWN) ?? [];
  return (
    <div className={classes.root}>
      {props.titled && (
        <Typography variant="h1" className={`${classes.wide} ${classes.title}`}>
          {t('home.title')}
        </Typography>
      )}
      <h2 className={hidden}>{t('home.lists')}</h2>
      <div className={classes.wide}>
        <HomeList
          title={t('home.waits')}
          loaded={toDecide}
          failed={t('home.waitsFailed')}
          total={waitingTotal(waiting)}
          tab="waiting"
          isEmpty={({ total }) =>
            total === 0 &&
            toMerge.length === 0 &&
            !claims &&
            !reviews &&
            proposalsError === undefined
          }
          nothing={t('home.waitsNothing')}
          help={t('home.waitsHelp')}
          above={
            <>
              {proposalsError && (
                <Problem
                  title={t('proposals.failed')}
                  error={proposalsError}
                  retry={reload}
                />
              )}
              {Boolean(claims) && <ClaimsLink contested={claims} />}
              <ReviewsLink waiting={reviews} />
            </>
          }
        >
          {({ items }) => (
            <>
              {items.map(request => (
                <RequestLine key={request.id} request={request} />
              ))}
              {toMerge.map(proposal => (
                <ProposalLine key={proposal.id} proposal={proposal} />
              ))}
            </>
          )}
        </HomeList>
      </div>
      <HomeList
        title={t('home.mine')}
        loaded={mine}
        failed={t('home.mineFailed')}
        tab="mine"
        isEmpty={({ items }) => items.length === 0}
        nothing={t('home.mineNothing')}
        help={t('home.mineHelp')}
        toApis
      >
        {({ items }) =>
          items.map(request => (
            <RequestLine key={request.id} request={request} />
          ))
        }
      </HomeList>
      <HomeList
        title={t('home.ours')}
        loaded={ours}
        failed={t('home.oursFailed')}
        isEmpty={({ items }) => items.every(isShownElsewhere)}
        nothing={t(
          ours.value && ours.value.items.length > 0
            ? 'home.oursNothingElse'
            : 'home.oursNothing',
        )}
        help={t('home.oursHelp')}
      >
        {({ items }) =>
          items
            .filter(each => !isShownElsewhere(each))
            .slice(0, SHOWN)
            .map(request => <RequestLine key={request.id} request={request} />)
        }
      </HomeList>
    </div>
  );
}

function isShownElsewhere(request: { waitsForMe: boolean; mine: boolean }) {
  return request.waitsForMe || request.mine;
}
