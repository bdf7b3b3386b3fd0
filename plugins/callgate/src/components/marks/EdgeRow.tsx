import { Link } from '@backstage/core-components';
import type { Edge, UnconfirmedEnds } from '@callgate/plugin-callgate-common';
import { Fragment, ReactNode } from 'react';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { EntityName } from './EntityName';
import { LayerChips } from './LayerChips';
import { OperationList } from './OperationList';
import { useTableStyles } from './useTableStyles';

/**
 * One access: who, what, how it is enforced, because of what. The same row in every list of access. `end`: which end of
 * the edge the list is about.
 */
export function EdgeRow(props: {
  edge: Edge;
  end: 'caller' | 'api';
  actions?: ReactNode;
}) {
  const { edge, end, actions } = props;
  const table = useTableStyles();
  const t = useText();
  const clusters = [
    ...new Set(edge.clusters.map(({ cluster }) => cluster).filter(Boolean)),
  ];
  const entity = edge[end];
  return (
    <tr>
      <td data-label={t(`edges.${end}`)}>
        <EntityName
          entity={entity}
          icon
          tab={end === 'api' ? 'access' : undefined}
        />
        <span className={table.caption}>
          {[entity.kind, clusters.join(', ')].filter(Boolean).join(' · ')}
        </span>
      </td>
      <td data-label={t('edges.may')}>
        <OperationList
          operations={edge.operations}
          everythingOn={edge.everythingOn}
        />
        {edge.beyond && (
          <div>
            <span className={table.caption}>{t('edges.beyond')}</span>
            <OperationList
              operations={edge.beyond.operations}
              everythingOn={edge.beyond.everythingOn}
            />
          </div>
        )}
      </td>
      <td data-label={t('edges.enforced')}>
        <div>
          <LayerChips edge={edge} />
        </div>
      </td>
      <td data-label={t('edges.because')}>
        <div>
          <Because edge={edge} />
        </div>
      </td>
      <td>{actions}</td>
    </tr>
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

function Because({ edge }: { edge: Edge }) {
  const { status, grant, because, beyond } = edge;
  const table = useTableStyles();
  const t = useText();
  if (!grant) {
    return <>{because || t('edges.noGrant')}</>;
  }
  const by = grant.approvedBy;
  return (
    <>
      {by.length === 0
        ? t('edges.declared')
        : t('edges.grantedBy', {
            people: (
              <>
                {by.map((person, index) => (
                  <Fragment key={person.ref || index}>
                    {index > 0 && ', '}
                    <EntityName entity={person} plain />
                  </Fragment>
                ))}
              </>
            ),
          })}
      {status === 'granted' && grant.reason && (
        <span className={table.caption}>{grant.reason}</span>
      )}
      {status !== 'granted' && because && (
        <span className={table.caption}>{because}</span>
      )}
      {beyond && <span className={table.caption}>{beyond.because}</span>}
      {grant.unconfirmed && <Unconfirmed ends={grant.unconfirmed} />}
      {grant.acknowledges.length > 0 && (
        <span className={table.caption}>{t('edges.gapAcknowledged')}</span>
      )}
    </>
  );
}
