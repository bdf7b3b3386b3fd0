import type { UngrantedAccess } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Badge } from './Badge';
import { OperationList } from './OperationList';
import { useEdgePartStyles } from './useEdgePartStyles';
import { useTableStyles } from './useTableStyles';

/** What a caller can do that no grant explains, and what opens it. */
export function EdgeBeyond(props: {
  beyond: UngrantedAccess;
  hasGrant: boolean;
  /** In all clusters of the row: then they are named there. */
  isEverywhere: boolean;
}) {
  const { beyond, hasGrant, isEverywhere } = props;
  const { operations, others, everythingOn, surely, because } = beyond;
  const classes = useEdgePartStyles();
  const table = useTableStyles();
  const t = useText();
  const [sure, perhaps] = hasGrant
    ? (['edges.beyond', 'edges.beyondPerhaps'] as const)
    : (['edges.noGrant', 'edges.noGrantPerhaps'] as const);
  return (
    <li className={classes.part}>
      <div className={classes.what}>
        <Badge
          tone={surely ? 'warn' : 'quiet'}
          icon={surely ? undefined : 'unknown'}
        >
          {t(surely ? sure : perhaps)}
        </Badge>
        <OperationList
          operations={operations}
          everythingOn={everythingOn}
          others={others}
        />
      </div>
      <div className={classes.why}>
        {because}
        {!isEverywhere && (
          <span className={table.caption}>
            {t('edges.inClusters', { clusters: beyond.clusters.join(', ') })}
          </span>
        )}
      </div>
    </li>
  );
}
