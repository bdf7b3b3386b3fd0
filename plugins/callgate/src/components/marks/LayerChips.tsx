import { makeStyles } from '@material-ui/core/styles';
import type { Edge } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Badge } from './Badge';
import { LayerChip } from './LayerChip';
import { groupClusters } from './summarizeLayers';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5),
  },
}));

/** An edge's layers in all its clusters: one chip where they hold alike, otherwise the weakest cluster first. */
export function LayerChips(props: {
  edge: Edge;
  /** Names the clusters even where they hold alike. */
  named?: boolean;
}) {
  const { edge, named } = props;
  const classes = useStyles();
  const t = useText();
  const groups = groupClusters(t, edge.clusters, isPortOnly(edge));
  if (edge.status === 'declared-not-effective') {
    return <Badge tone="bad">{t('layers.notEffective')}</Badge>;
  }
  if (groups.length === 0) {
    return (
      <Badge tone="quiet" icon="unknown">
        {t('layers.unknown')}
      </Badge>
    );
  }
  return (
    <span className={classes.root}>
      {groups.map(({ summary, clusters }) => (
        <LayerChip
          key={clusters[0].cluster}
          summary={summary}
          clusters={clusters}
          named={named || groups.length > 1}
          note={
            summary.weakness > 0 && !isSaid(edge, clusters[0].note)
              ? clusters[0].note
              : undefined
          }
        />
      ))}
    </span>
  );
}

/** Whether the row says a note already, as the reason of its status. */
function isSaid(edge: Edge, note: string | undefined): boolean {
  return note !== undefined && Boolean(edge.because?.includes(note));
}

/** Whether nothing but whole ports is open: there is no method to enforce then. */
export function isPortOnly({ operations, everythingOn }: Edge): boolean {
  return (
    everythingOn === undefined &&
    operations.length > 0 &&
    operations.every(({ kind }) => kind === 'port')
  );
}
