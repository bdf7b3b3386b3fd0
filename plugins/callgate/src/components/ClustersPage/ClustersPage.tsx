import { useApi } from '@backstage/core-plugin-api';
import type { ClusterList } from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { useText } from '../../translation';
import { EmptyList, EstateNotice, nothingRead } from '../marks';
import { LoadedPage, SubPage } from '../SubPage';
import { ClusterPanel } from './ClusterPanel';

/** What is known of each cluster, and what is only guessed? For the platform team. */
export function ClustersPage() {
  const callgate = useApi(callgateApiRef);
  const t = useText();
  return (
    <LoadedPage
      name="clusters"
      load={signal => callgate.getClusters({ signal })}
      failed={t('clusters.failed')}
    >
      {(list, { reload }) => <ClustersView list={list} reload={reload} />}
    </LoadedPage>
  );
}

function ClustersView(props: { list: ClusterList; reload: () => void }) {
  const { list, reload } = props;
  const { clusters, source } = list;
  const { estate } = source;
  const t = useText();
  return (
    <SubPage
      under="proposals"
      crumb={t('clusters.crumb')}
      title={t('clusters.title')}
      help={t('clusters.help')}
      source={source}
    >
      <EstateNotice source={source} reload={reload} />
      {clusters.length === 0 && (
        <EmptyList title={t('clusters.empty')} help={t('clusters.emptyHelp')} />
      )}
      {clusters.map(platform => (
        <ClusterPanel
          key={platform.cluster}
          platform={platform}
          isUnread={
            nothingRead(estate) ||
            estate?.clusters?.some(({ name }) => name === platform.cluster) ===
              true
          }
        />
      ))}
    </SubPage>
  );
}
