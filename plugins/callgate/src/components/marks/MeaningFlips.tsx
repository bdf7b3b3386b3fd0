import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  EntityLabel,
  MeaningFlip,
} from '@callgate/plugin-callgate-common';
import { Fragment } from 'react';
import { useText } from '../../translation';
import { EntityName } from './EntityName';
import { nameOf } from './entityName';
import { Sign } from './Sign';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  row: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: theme.spacing(1),
  },
}));

/** Where an API becomes closed by this, and whom that cuts. */
export function MeaningFlips(props: {
  api: EntityLabel;
  flips: readonly MeaningFlip[];
}) {
  const { api, flips } = props;
  const classes = useStyles();
  const t = useText();
  if (flips.length === 0) {
    return null;
  }
  return (
    <ul className={classes.root}>
      {byCluster(flips).map(({ cluster, cut, unnamed }) => (
        <Typography
          component="li"
          variant="body2"
          key={cluster}
          className={classes.row}
        >
          <Sign sign="!" word={t('meaning.closes')} />
          <div>
            {t('meaning.becomesClosed', {
              api: nameOf(t, api),
              cluster: <strong>{cluster}</strong>,
            })}{' '}
            {cut.length + unnamed === 0
              ? t('meaning.cutsNobody')
              : t('meaning.cuts', {
                  callers: (
                    <>
                      {cut.map((entity, index) => (
                        <Fragment key={entity.ref || index}>
                          {index > 0 && ', '}
                          <EntityName entity={entity} />
                        </Fragment>
                      ))}
                      {unnamed > 0 && cut.length > 0 && ', '}
                      {unnamed > 0 &&
                        t('meaning.unnamedWorkloads', { count: unnamed })}
                    </>
                  ),
                })}
          </div>
        </Typography>
      ))}
    </ul>
  );
}

/** One line for each cluster: two layers that close at once are one event for whoever is cut. */
function byCluster(flips: readonly MeaningFlip[]) {
  const clusters = new Map<
    string,
    { cut: Map<string, EntityLabel>; workloads: Set<string> }
  >();
  for (const { cluster, cut, cutWorkloads } of flips) {
    const known = clusters.get(cluster) ?? {
      cut: new Map<string, EntityLabel>(),
      workloads: new Set<string>(),
    };
    cut.forEach((entity, index) =>
      known.cut.set(entity.ref || `hidden ${index}`, entity),
    );
    cutWorkloads.forEach(workload => known.workloads.add(workload));
    clusters.set(cluster, known);
  }
  return [...clusters].map(([cluster, { cut, workloads }]) => ({
    cluster,
    cut: [...cut.values()],
    // Those that are no entity's.
    unnamed: workloads.size,
  }));
}
