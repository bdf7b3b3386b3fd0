import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormGroup from '@material-ui/core/FormGroup';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { PreviewPlace } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Badge, quietText, summarizeLayers } from '../marks';
import { FieldLabel } from './FieldLabel';
import type { AskedFields } from './useRequestForm';

const useStyles = makeStyles(theme => ({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
  },
  box: { padding: theme.spacing(0.5) },
  label: { marginLeft: theme.spacing(-0.5), marginRight: 0 },
  quiet: { color: quietText(theme) },
}));

/** In which clusters it is asked for: those in which both ends run, each with what it can enforce. */
export function WhereField(props: {
  /** Where the API runs: all that is known before there is a preview. */
  clusters: readonly string[];
  places: readonly PreviewPlace[] | undefined;
  form: AskedFields;
}) {
  const { clusters, places, form } = props;
  const classes = useStyles();
  const t = useText();
  const offered = places?.map(({ cluster }) => cluster) ?? clusters;
  // A link may name clusters that are not there: they stay until somebody takes them out, and the preview says so.
  const rows = [...new Set([...offered, ...form.clusters])];
  const elsewhere = clusters.filter(cluster => !rows.includes(cluster));
  return (
    <div role="group" aria-labelledby="callgate-where-label">
      <FieldLabel id="callgate-where-label">{t('dialog.where')}</FieldLabel>
      <FormGroup>
        {rows.map(cluster => (
          <div key={cluster} className={classes.row}>
            <FormControlLabel
              className={classes.label}
              control={
                <Checkbox
                  size="small"
                  color="primary"
                  className={classes.box}
                  checked={form.clusters.includes(cluster)}
                  onChange={(_, checked) =>
                    form.setClusters(
                      checked
                        ? [...form.clusters, cluster]
                        : form.clusters.filter(each => each !== cluster),
                    )
                  }
                  inputProps={{
                    'aria-describedby': `callgate-where-${cluster}`,
                  }}
                />
              }
              label={<Typography variant="body2">{cluster}</Typography>}
            />
            <span id={`callgate-where-${cluster}`}>
              <PlaceMark
                place={places?.find(place => place.cluster === cluster)}
                known={places !== undefined}
                portOnly={
                  form.operations.length > 0 &&
                  form.operations.every(({ kind }) => kind === 'port')
                }
              />
            </span>
          </div>
        ))}
      </FormGroup>
      <Typography variant="caption" component="p" className={classes.quiet}>
        {hint()}
      </Typography>
    </div>
  );

  function hint() {
    const caller = form.caller?.name;
    return [
      places?.length === 1 &&
        form.clusters.length === 0 &&
        t('dialog.whereOnly', { cluster: places[0].cluster }),
      places === undefined && t('dialog.whereUnknown'),
      places !== undefined &&
        caller &&
        elsewhere.length > 0 &&
        t('dialog.whereNot', { caller, clusters: elsewhere.join(', ') }),
    ]
      .filter(Boolean)
      .join(' ');
  }
}

function PlaceMark(props: {
  place: PreviewPlace | undefined;
  known: boolean;
  portOnly: boolean;
}) {
  const { place, known, portOnly } = props;
  const t = useText();
  if (!known) {
    return null;
  }
  if (!place) {
    return <Badge tone="bad">{t('dialog.whereMissing')}</Badge>;
  }
  if (place.layers) {
    const { tone, icon, text } = summarizeLayers(t, place.layers, portOnly);
    return (
      <Badge tone={tone} icon={icon}>
        {text}
      </Badge>
    );
  }
  return (
    <Badge tone={place.acknowledgeable.length > 0 ? 'warn' : 'bad'}>
      {place.acknowledgeable.includes('method-not-enforced')
        ? t('dialog.whereNoMethods')
        : place.blocked?.title}
    </Badge>
  );
}
