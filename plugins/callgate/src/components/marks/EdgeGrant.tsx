import { Link } from '@backstage/core-components';
import type {
  EntityLabel,
  GrantInfo,
  UnconfirmedEnds,
} from '@callgate/plugin-callgate-common';
import { Fragment, type ReactNode } from 'react';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { Badge } from './Badge';
import { EntityName } from './EntityName';
import { FlagList } from './FlagList';
import { LastDay } from './LastDay';
import { OperationList } from './OperationList';
import { useEdgePartStyles } from './useEdgePartStyles';
import { useTableStyles } from './useTableStyles';

/** What an accepted gap means for the reader: the operations beside it are not all that the caller can do. */
const GAPS: {
  [gap: string]:
    | 'edges.gapAccepted.method'
    | 'edges.gapAccepted.identity'
    | 'edges.gapAccepted.account'
    | undefined;
} = {
  'method-not-enforced': 'edges.gapAccepted.method',
  'identity-not-enforced': 'edges.gapAccepted.identity',
  'shared-service-account': 'edges.gapAccepted.account',
};

/** One grant in the row of its caller, and how it stands: what is said here is about no other one. */
export function EdgeGrant(props: {
  grant: GrantInfo;
  /** Whether the row says already that nothing of it gets through. */
  isSaid: boolean;
  /** What can be done about it. */
  actions?: ReactNode;
}) {
  const { grant, isSaid, actions } = props;
  const { operations, status, approvedBy, because, reason } = grant;
  const classes = useEdgePartStyles();
  const table = useTableStyles();
  const t = useText();
  return (
    <li className={classes.part}>
      <div className={classes.what}>
        {status === 'declared-not-effective' && !isSaid && (
          <Badge tone="bad">{t('edges.notEffective')}</Badge>
        )}
        {status === 'unknown' && (
          <Badge tone="quiet" icon="unknown">
            {t('edges.notKnown')}
          </Badge>
        )}
        {grant.breakGlass && <Badge tone="warn">{t('glass.mark')}</Badge>}
        <div className={classes.line}>
          <OperationList operations={operations} />
          {actions}
        </div>
      </div>
      <div className={classes.why}>
        <People approvedBy={approvedBy} />
        {grant.through && (
          <span className={table.caption}>
            {t('edges.through', {
              kind: grant.through.kind,
              entity: <EntityName entity={grant.through} plain />,
            })}
          </span>
        )}
        {status === 'granted' && reason && (
          <span className={table.caption}>{reason}</span>
        )}
        {because && <span className={table.caption}>{because}</span>}
        {status !== 'granted' && grant.in && (
          <span className={table.caption}>
            {t('edges.meantFor', { clusters: grant.in.join(', ') })}
          </span>
        )}
        {grant.until !== undefined && (
          <span className={table.caption}>
            <LastDay day={grant.until} />
          </span>
        )}
        {grant.flags && <FlagList flags={grant.flags} />}
        {grant.unconfirmed && <Unconfirmed ends={grant.unconfirmed} />}
        {grant.acknowledges.map(gap => (
          <span key={gap} className={table.caption}>
            {t(GAPS[gap] ?? 'edges.gapAcknowledged')}
          </span>
        ))}
      </div>
    </li>
  );
}

function People({ approvedBy }: { approvedBy: readonly EntityLabel[] }) {
  const t = useText();
  return (
    <>
      {approvedBy.length === 0
        ? t('edges.declared')
        : t('edges.grantedBy', {
            people: (
              <>
                {approvedBy.map((person, index) => (
                  <Fragment key={person.ref || index}>
                    {index > 0 && ', '}
                    <EntityName entity={person} plain />
                  </Fragment>
                ))}
              </>
            ),
          })}
    </>
  );
}

/** What the grant was not approved for, and where that is asked. */
function Unconfirmed({ ends }: { ends: UnconfirmedEnds }) {
  const table = useTableStyles();
  const t = useText();
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  return (
    <span className={table.caption}>
      {t('edges.unconfirmed', { count: ends.count })}
      {ends.request !== undefined && requestRoute && (
        <>
          {'. '}
          <Link to={requestRoute({ id: ends.request })}>
            {t('edges.confirmRequest')}
          </Link>
        </>
      )}
    </span>
  );
}
