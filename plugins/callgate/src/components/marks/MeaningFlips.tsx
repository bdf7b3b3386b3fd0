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
import { quietText } from './tones';
import { useMeaningLineStyles } from './useMeaningLineStyles';

/** So many are named, those who use the API first; the others are a number that unfolds. */
const FEW = 5;

const useStyles = makeStyles(theme => ({
  summary: { cursor: 'pointer', color: quietText(theme) },
}));

/** Where an API becomes closed by this, and whom that cuts. */
export function MeaningFlips(props: {
  api: EntityLabel;
  flips: readonly MeaningFlip[];
}) {
  const { api, flips } = props;
  const classes = useMeaningLineStyles();
  const t = useText();
  if (flips.length === 0) {
    return null;
  }
  return (
    <ul className={classes.root}>
      {byCluster(flips).map(({ cluster, ...who }) => (
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
            <CutList {...who} />
          </div>
        </Typography>
      ))}
    </ul>
  );
}

/** Whom it cuts, by name. */
function CutList(props: {
  cut: readonly EntityLabel[];
  unnamed: number;
  unseen: number;
  addresses: boolean;
}) {
  const { cut, unnamed, unseen, addresses } = props;
  const classes = useStyles();
  const t = useText();
  const total = cut.length + unnamed + unseen + Number(addresses);
  if (total === 0) {
    return <>{t('meaning.cutsNobody')}</>;
  }
  const folds = cut.length > FEW;
  const rest = folds ? cut.slice(FEW) : [];
  const nameless = [
    unnamed > 0 && t('meaning.unnamedWorkloads', { count: unnamed }),
    unseen > 0 && t('meaning.unseenWorkloads', { count: unseen }),
    addresses && t('meaning.addressesOutside'),
  ]
    .filter(Boolean)
    .join(', ');
  return (
    <>
      {t('meaning.cuts', {
        callers: (
          <>
            <Names entities={folds ? cut.slice(0, FEW) : cut} />
            {!folds && cut.length > 0 && nameless && ', '}
            {!folds && nameless}
            {folds && ` ${t('meaning.andMore', { count: total - FEW })}`}
          </>
        ),
      })}
      {folds && (
        <details>
          <summary className={classes.summary}>{t('meaning.whoElse')}</summary>
          <Names entities={rest} />
          {rest.length > 0 && nameless && ', '}
          {nameless}
        </details>
      )}
    </>
  );
}

function Names({ entities }: { entities: readonly EntityLabel[] }) {
  return (
    <>
      {entities.map((entity, index) => (
        <Fragment key={entity.ref || index}>
          {index > 0 && ', '}
          <EntityName entity={entity} />
        </Fragment>
      ))}
    </>
  );
}

/** One line for each cluster: two layers that close at once are one event for whoever is cut. */
function byCluster(flips: readonly MeaningFlip[]) {
  const clusters = new Map<
    string,
    {
      cut: Map<string, EntityLabel>;
      workloads: Set<string>;
      unseen: number;
      addresses: boolean;
    }
  >();
  for (const {
    cluster,
    cut,
    cutWorkloads,
    cutUnseen = 0,
    cutAddresses,
  } of flips) {
    const known = clusters.get(cluster) ?? {
      cut: new Map<string, EntityLabel>(),
      workloads: new Set<string>(),
      unseen: 0,
      addresses: false,
    };
    cut.forEach((entity, index) =>
      known.cut.set(entity.ref || `hidden ${index}`, entity),
    );
    cutWorkloads.forEach(workload => known.workloads.add(workload));
    // Those of one layer are those of the next one as well.
    known.unseen = Math.max(known.unseen, cutUnseen);
    known.addresses ||= cutAddresses === true;
    clusters.set(cluster, known);
  }
  return [...clusters].map(([cluster, { cut, workloads, ...more }]) => ({
    cluster,
    ...more,
    cut: [...cut.values()],
    // Those that are no entity's.
    unnamed: workloads.size,
  }));
}
