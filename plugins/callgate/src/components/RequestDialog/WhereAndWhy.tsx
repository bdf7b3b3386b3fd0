import Checkbox from '@material-ui/core/Checkbox';
import ListItemText from '@material-ui/core/ListItemText';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';
import { useText } from '../../translation';
import { FieldLabel } from './FieldLabel';
import type { RequestForm } from './useRequestForm';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 2fr)',
    gap: theme.spacing(2),
    [theme.breakpoints.down('xs')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
}));

/** In which clusters, and what for. */
export function WhereAndWhy(props: {
  clusters: readonly string[];
  form: RequestForm;
}) {
  const { clusters, form } = props;
  const classes = useStyles();
  const t = useText();
  // A link may name clusters that are not there: they stay until somebody takes them out, and the preview says so.
  const known = [...new Set([...clusters, ...form.clusters])];
  return (
    <div className={classes.root}>
      <div>
        <FieldLabel id="callgate-where-label">{t('dialog.where')}</FieldLabel>
        <TextField
          select
          fullWidth
          variant="outlined"
          size="small"
          id="callgate-where"
          value={form.clusters}
          onChange={event => form.setClusters(list(event.target.value))}
          SelectProps={{
            multiple: true,
            displayEmpty: true,
            labelId: 'callgate-where-label',
            renderValue: value =>
              list(value).join(', ') || t('dialog.everywhere'),
          }}
        >
          {known.map(cluster => (
            <MenuItem key={cluster} value={cluster} dense>
              <Checkbox
                size="small"
                color="primary"
                checked={form.clusters.includes(cluster)}
                inputProps={{ 'aria-hidden': true, tabIndex: -1 }}
              />
              <ListItemText primary={cluster} />
            </MenuItem>
          ))}
        </TextField>
      </div>
      <div>
        <FieldLabel htmlFor="callgate-reason">{t('dialog.reason')}</FieldLabel>
        <TextField
          id="callgate-reason"
          fullWidth
          multiline
          maxRows={6}
          variant="outlined"
          size="small"
          placeholder={t('dialog.reasonPlaceholder')}
          value={form.reason}
          onChange={event => form.setReason(event.target.value)}
        />
      </div>
    </div>
  );
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
