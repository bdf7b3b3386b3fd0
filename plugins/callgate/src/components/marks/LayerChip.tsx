import ButtonBase from '@material-ui/core/ButtonBase';
import Popover from '@material-ui/core/Popover';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { EdgeCluster } from '@callgate/plugin-callgate-common';
import { useId, useState } from 'react';
import { useText } from '../../translation';
import { Badge } from './Badge';
import { LAYERS, LayerSummary, layerStateText } from './summarizeLayers';
import { accentText, quietText } from './tones';

const useStyles = makeStyles(theme => ({
  button: {
    borderRadius: 11,
    font: 'inherit',
    textAlign: 'left',
    '&:focus-visible': { outline: `2px solid ${accentText(theme)}` },
  },
  details: { padding: theme.spacing(2), maxWidth: 440 },
  cluster: { '& + &': { marginTop: theme.spacing(2) } },
  list: {
    display: 'grid',
    gridTemplateColumns: 'max-content 1fr',
    gap: theme.spacing(0.5, 2),
    margin: theme.spacing(1, 0),
    '& dd': { margin: 0 },
  },
  quiet: { color: quietText(theme) },
}));

/** How an access is enforced: one chip when all hold, otherwise what does not. Which objects do it is one click away. */
export function LayerChip(props: {
  summary: LayerSummary;
  clusters: readonly EdgeCluster[];
  /** Names the clusters in the chip. */
  named?: boolean;
  note?: string;
}) {
  const { summary, clusters, named, note } = props;
  const classes = useStyles();
  const t = useText();
  const titleId = useId();
  const [anchor, setAnchor] = useState<HTMLElement>();
  const where = clusters.map(({ cluster }) => cluster).join(', ');
  return (
    <>
      <ButtonBase
        className={classes.button}
        aria-haspopup="dialog"
        aria-expanded={anchor !== undefined}
        onClick={event => setAnchor(event.currentTarget)}
      >
        <Badge tone={summary.tone} icon={summary.icon}>
          {named && where
            ? t('layers.inClusters', { text: summary.text, clusters: where })
            : summary.text}
          {note && `: ${note}`}
        </Badge>
      </ButtonBase>
      <Popover
        open={anchor !== undefined}
        anchorEl={anchor}
        onClose={() => setAnchor(undefined)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
        PaperProps={{ role: 'dialog', 'aria-labelledby': titleId }}
      >
        <div className={classes.details}>
          <Typography variant="subtitle2" component="h2" id={titleId}>
            {t('layers.details')}
          </Typography>
          {clusters.map(cluster => (
            <ClusterDetails key={cluster.cluster} cluster={cluster} />
          ))}
        </div>
      </Popover>
    </>
  );
}

function ClusterDetails({ cluster }: { cluster: EdgeCluster }) {
  const classes = useStyles();
  const t = useText();
  const objects = cluster.objects ?? [];
  return (
    <section className={classes.cluster}>
      <Typography variant="body2">
        <strong>{cluster.cluster || t('layers.anyCluster')}</strong>
        {cluster.port !== undefined && (
          <span className={classes.quiet}>
            {' '}
            {cluster.protocol ?? 'TCP'} {cluster.port}
          </span>
        )}
      </Typography>
      <dl className={classes.list}>
        {LAYERS.map(layer => (
          <LayerLine
            key={layer}
            name={t(`layers.name.${layer}`)}
            state={layerStateText(t, cluster.layers[layer])}
          />
        ))}
      </dl>
      {cluster.note && <Typography variant="body2">{cluster.note}</Typography>}
      {objects.map(object => (
        <Typography
          key={`${object.kind} ${object.namespace} ${object.name} ${object.rule}`}
          variant="body2"
          className={classes.quiet}
        >
          {object.kind}{' '}
          {[object.namespace, object.name].filter(Boolean).join('/')}
          {object.rule && `, ${object.rule}`}
        </Typography>
      ))}
      <Typography variant="body2" className={classes.quiet}>
        {cluster.from.join(', ')} → {cluster.to.join(', ')}
      </Typography>
    </section>
  );
}

function LayerLine(props: { name: string; state: string }) {
  return (
    <>
      <Typography component="dt" variant="body2">
        {props.name}
      </Typography>
      <Typography component="dd" variant="body2">
        {props.state}
      </Typography>
    </>
  );
}
