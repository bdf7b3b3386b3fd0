import { makeStyles } from '@material-ui/core/styles';
import type { AccessRow, GrantInfo } from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { useText } from '../../translation';
import { Badge } from './Badge';
import { EdgeBeyond } from './EdgeBeyond';
import { EdgeGrant } from './EdgeGrant';
import { EntityName } from './EntityName';
import { isPortOnly, LayerChips } from './LayerChips';
import { useTableStyles } from './useTableStyles';

const useStyles = makeStyles(theme => ({
  parts: {
    display: 'grid',
    gap: theme.spacing(1.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
}));

/**
 * One caller of one API: what it was granted and what it can do, side by side, and how that is enforced. The same row in
 * every list of access. `end`: which end the list is about.
 */
export function EdgeRow(props: {
  edge: AccessRow;
  end: 'caller' | 'api';
  actions?: ReactNode;
  grantActions?: (grant: GrantInfo, edge: AccessRow) => ReactNode;
}) {
  const { edge, end, actions, grantActions } = props;
  const classes = useStyles();
  const table = useTableStyles();
  const t = useText();
  const clusters = [
    ...new Set(edge.clusters.map(({ cluster }) => cluster).filter(Boolean)),
  ];
  const entity = edge[end];
  return (
    <tr tabIndex={-1}>
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
      <td data-label={t('edges.may')} colSpan={2}>
        <ul className={classes.parts}>
          {edge.grants.map((grant, index) => (
            <EdgeGrant
              key={grant.id || index}
              grant={grant}
              isSaid={isRefused(edge)}
              actions={grantActions?.(grant, edge)}
            />
          ))}
          {edge.beyond.map((beyond, index) => (
            <EdgeBeyond
              key={index}
              beyond={beyond}
              hasGrant={edge.grants.length > 0}
              isEverywhere={beyond.clusters.length === clusters.length}
            />
          ))}
        </ul>
        {edge.cannotBeGranted !== undefined && (
          <span className={table.caption}>
            {t('edges.cannotBeGranted', { why: edge.cannotBeGranted })}
          </span>
        )}
      </td>
      <td data-label={t('edges.enforced')}>
        <div>
          <Enforced edge={edge} />
        </div>
      </td>
      <td>{actions}</td>
    </tr>
  );
}

function Enforced({ edge }: { edge: AccessRow }) {
  const { grants, beyond, clusters } = edge;
  const t = useText();
  if (isRefused(edge)) {
    return <Badge tone="bad">{t('layers.notEffective')}</Badge>;
  }
  return (
    <LayerChips
      clusters={clusters}
      portOnly={
        beyond.length === 0 &&
        isPortOnly({
          operations: grants.flatMap(({ operations }) => operations),
        })
      }
      said={[...grants, ...beyond].map(({ because }) => because)}
    />
  );
}

/** Whether nothing of what was granted gets through, and nothing else does. */
function isRefused({ compared, grants, beyond }: AccessRow): boolean {
  return (
    compared === 'declared' &&
    beyond.length === 0 &&
    grants.every(({ status }) => status === 'declared-not-effective')
  );
}
