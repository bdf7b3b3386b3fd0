import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ApiAccess, ClusterState } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import {
  Badge,
  LAYERS,
  nothingRead,
  layerStateText,
  layerStateTone,
  OthersList,
  Panel,
  quietText,
  useTableStyles,
} from '../marks';

const useStyles = makeStyles(theme => ({
  scroll: { overflowX: 'auto' },
  table: {
    // A cluster becomes a card where its layers have no room side by side, also beside the portal's open menu.
    '@media (max-width: 719.95px)': {
      '& thead': { display: 'none' },
      '& tr': {
        display: 'grid',
        gap: theme.spacing(0.5),
        padding: theme.spacing(1.5, 0),
        borderTop: `1px solid ${theme.palette.divider}`,
      },
      '& td:nth-child(n)': { padding: 0, border: 0 },
      '& td[data-label]': {
        display: 'grid',
        gridTemplateColumns: '88px minmax(0, 1fr)',
        alignItems: 'center',
        justifyItems: 'start',
      },
      '& td[data-label]::before': {
        content: 'attr(data-label)',
        color: quietText(theme),
        fontSize: theme.typography.pxToRem(12),
      },
    },
  },
}));

/** Clusters × layers: how the API is enforced today. */
export function ClustersPanel(props: { access: ApiAccess }) {
  const { clusters, headline, source } = props.access;
  const classes = useStyles();
  const table = useTableStyles();
  const t = useText();
  const noClusterText = () => {
    if (nothingRead(source.estate)) return 'estate.clusters';
    return headline.state === 'no-workload'
      ? 'access.noCluster'
      : 'access.inNoCluster';
  };
  return (
    <Panel title={t('access.clusters')}>
      {clusters.length === 0 ? (
        <Typography variant="body2">{t(noClusterText())}</Typography>
      ) : (
        <div className={classes.scroll}>
          <table
            className={`${table.table} ${classes.table}`}
            aria-label={t('access.clusters')}
          >
            <thead>
              <tr>
                <th scope="col">{t('access.cluster')}</th>
                {LAYERS.map(layer => (
                  <th key={layer} scope="col">
                    {t(`layers.name.${layer}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {clusters.map(cluster => (
                <ClusterRow key={cluster.cluster} cluster={cluster} />
              ))}
            </tbody>
          </table>
          <OthersList others={clusters.flatMap(({ others = [] }) => others)} />
        </div>
      )}
    </Panel>
  );
}

function ClusterRow({ cluster }: { cluster: ClusterState }) {
  const table = useTableStyles();
  const t = useText();
  return (
    <tr>
      <td>
        <strong>{cluster.cluster}</strong>
        <span className={table.caption}>
          {t(
            `access.${
              cluster.others?.length ? 'isolationAsJudged' : 'isolation'
            }.${cluster.isolation}`,
          )}
        </span>
      </td>
      {LAYERS.map(layer => {
        const state = cluster.layers[layer];
        return (
          <td key={layer} data-label={t(`layers.name.${layer}`)}>
            <Badge
              tone={layerStateTone(state)}
              icon={state === 'unknown' ? 'unknown' : undefined}
            >
              {layerStateText(t, state)}
            </Badge>
          </td>
        );
      })}
    </tr>
  );
}
