import { makeStyles } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type {
  Edge,
  EntityLabel,
  Meaning,
} from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { EntityName } from './EntityName';
import { nameOf } from './entityName';
import { LayerChip } from './LayerChip';
import { isPortOnly } from './LayerChips';
import { MeaningRows } from './MeaningRows';
import { OperationList } from './OperationList';
import { changesOf } from './edgeChanges';
import { Sign } from './Sign';
import { summarizeLayers } from './summarizeLayers';
import { useTableStyles } from './useTableStyles';
import { useHiddenText } from './useHiddenText';

const MANY = 4;

const useStyles = makeStyles(theme => ({
  scroll: { overflowX: 'auto' },
  sign: { width: theme.spacing(4) },
}));

/** Gained and lost access, a column for each cluster; lines where there is no room for columns. */
export function MeaningTable(props: {
  api: EntityLabel;
  meaning: Pick<Meaning, 'gained' | 'lost' | 'restored'>;
}) {
  const { api, meaning } = props;
  const classes = useStyles();
  const table = useTableStyles();
  const hidden = useHiddenText();
  const t = useText();
  const narrow = useMediaQuery('(max-width: 959.95px)');
  const rows = changesOf(meaning);
  const clusters = [
    ...new Set(
      rows.flatMap(({ edge }) => edge.clusters.map(each => each.cluster)),
    ),
  ].sort();
  if (narrow || clusters.length > MANY) {
    return <MeaningRows meaning={meaning} />;
  }
  return (
    <div className={classes.scroll}>
      <table className={table.table}>
        <thead>
          <tr>
            <th className={classes.sign} scope="col">
              <span className={hidden}>{t('meaning.change')}</span>
            </th>
            <th scope="col">{t('meaning.caller')}</th>
            <th scope="col">
              {t('meaning.mayCallOn', { api: nameOf(t, api) })}
            </th>
            {clusters.map(cluster => (
              <th key={cluster} scope="col">
                {cluster}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ edge, sign, word }, index) => (
            <tr key={index}>
              <td>
                <Sign sign={sign} word={t(word)} />
              </td>
              <td>
                <EntityName entity={edge.caller} />
                {word === 'meaning.restored' && (
                  <span className={table.caption}>{t('meaning.again')}</span>
                )}
              </td>
              <td>
                <OperationList
                  operations={edge.operations}
                  everythingOn={edge.everythingOn}
                />
              </td>
              {clusters.map(cluster => (
                <td key={cluster}>
                  <ClusterCell
                    edge={edge}
                    cluster={cluster}
                    isLost={sign !== '+'}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What enforces access that is gained; of access that is lost nothing enforces anything afterwards. */
function ClusterCell(props: { edge: Edge; cluster: string; isLost: boolean }) {
  const t = useText();
  const found = props.edge.clusters.find(
    ({ cluster }) => cluster === props.cluster,
  );
  if (!found) {
    return <>{t('meaning.notHere')}</>;
  }
  if (props.isLost) {
    return <>{t('meaning.noMore')}</>;
  }
  const summary = summarizeLayers(t, found.layers, isPortOnly(props.edge));
  return (
    <LayerChip
      summary={summary}
      clusters={[found]}
      note={summary.weakness > 0 ? found.note : undefined}
    />
  );
}
