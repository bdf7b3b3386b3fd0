import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ClusterList } from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { useLoaded, useReloadOnChange } from '../../hooks';
import { proposalsRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  EmptyList,
  EstateNotice,
  nothingRead,
  quietText,
  SourceLine,
  Status,
} from '../marks';
import { Crumbs } from '../RequestPage';
import { ClusterPanel } from './ClusterPanel';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), maxWidth: 1000 },
  title: {
    margin: theme.spacing(0.5, 0, 1),
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.35,
  },
  quiet: { color: quietText(theme) },
}));

/** What is known of each cluster, and what is only guessed? For the platform team. */
export function ClustersPage() {
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const loaded = useLoaded('clusters', signal =>
    callgate.getClusters({ signal }),
  );
  useReloadOnChange(loaded.reload);
  return (
    <Status loaded={loaded} failed={t('clusters.failed')} page>
      {list => <ClustersView list={list} reload={loaded.reload} />}
    </Status>
  );
}

function ClustersView(props: { list: ClusterList; reload: () => void }) {
  const { list, reload } = props;
  const { clusters, source } = list;
  const { estate } = source;
  const classes = useStyles();
  const t = useText();
  const proposals = useOptionalRouteRef(proposalsRouteRef);
  return (
    <div className={classes.root}>
      <header>
        <Crumbs
          list={t('pages.proposals')}
          path={proposals?.()}
          here={t('clusters.crumb')}
        />
        <Typography variant="h2" className={classes.title}>
          {t('clusters.title')}
        </Typography>
        <Typography variant="body2" className={classes.quiet}>
          {t('clusters.help')}
        </Typography>
      </header>
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
      <Typography variant="caption" className={classes.quiet}>
        <SourceLine source={source} />
      </Typography>
    </div>
  );
}
