import { makeStyles } from '@material-ui/core/styles';
import type { Edge, EdgeCluster } from '@callgate/plugin-callgate-common';
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

/** Layers of an access in all its clusters: one chip where they hold alike, otherwise the weakest cluster first. */
export function LayerChips(props: {
  clusters: readonly EdgeCluster[];
  /** Nothing but whole ports is granted: there is no method to enforce then. */
  portOnly: boolean;
  /** Names the clusters even where they hold alike. */
  named?: boolean;
  /** What stands beside it already, so that no note repeats it. */
  said?: readonly string[];
}) {
  const { clusters: all, portOnly, named, said = [] } = props;
  const classes = useStyles();
  const t = useText();
  const groups = groupClusters(t, all, portOnly);
  if (groups.length === 0) {
    return (
      <Badge tone="quiet" icon="unknown">
        {t('layers.unknown')}
      </Badge>
    );
  }
  const isSaid = (note: string | undefined) =>
    note !== undefined && said.some(text => text.includes(note));
  return (
    <span className={classes.root}>
      {groups.map(({ summary, clusters }) => (
        <LayerChip
          key={clusters[0].cluster}
          summary={summary}
          clusters={clusters}
          named={named || groups.length > 1}
          note={
            summary.weakness > 0 && !isSaid(clusters[0].note)
              ? clusters[0].note
              : undefined
          }
        />
      ))}
    </span>
  );
}

/** Whether nothing but whole ports is open: there is no method to enforce then. */
export function isPortOnly({
  operations,
  everythingOn,
}: Pick<Edge, 'operations' | 'everythingOn'>): boolean {
  return (
    everythingOn === undefined &&
    operations.length > 0 &&
    operations.every(({ kind }) => kind === 'port')
  );
}
