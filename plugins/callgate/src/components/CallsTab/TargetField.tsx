import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import Autocomplete from '@material-ui/lab/Autocomplete';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { ownsList, quietText, titleOf } from '../marks';
import { useTargets } from './useTargets';

const useStyles = makeStyles(theme => ({
  root: { maxWidth: 480 },
  quiet: { color: quietText(theme), marginLeft: theme.spacing(1) },
}));

/** The API whose call is refused. */
export function TargetField(props: {
  /** The APIs that concern the caller; they come first. */
  targets: readonly EntityLabel[];
  value: EntityLabel | undefined;
  onChange: (target: EntityLabel | undefined) => void;
}) {
  const { targets, value, onChange } = props;
  const classes = useStyles();
  const t = useText();
  const { options, loading, error, setText } = useTargets(targets);
  return (
    <div className={classes.root}>
      <Autocomplete
        id="callgate-why-target"
        {...ownsList('callgate-why-target')}
        options={options}
        value={value ?? null}
        loading={loading}
        loadingText={t('status.loading')}
        noOptionsText={t('calls.noTarget')}
        filterOptions={given => given}
        getOptionLabel={option => titleOf(t, option)}
        getOptionSelected={(option, picked) => option.ref === picked.ref}
        onInputChange={(_, text, reason) => reason !== 'reset' && setText(text)}
        onChange={(_, picked) => onChange(picked ?? undefined)}
        onClose={() => setText('')}
        renderOption={option => (
          <span>
            <bdi>{titleOf(t, option)}</bdi>
            <Typography
              variant="caption"
              component="span"
              className={classes.quiet}
            >
              {option.ref}
            </Typography>
          </span>
        )}
        renderInput={params => (
          <TextField
            {...params}
            variant="outlined"
            size="small"
            label={t('calls.target')}
            placeholder={t('calls.searchTargets')}
            InputLabelProps={{ shrink: true }}
          />
        )}
      />
      {error && (
        <Typography variant="body2" color="error" role="alert">
          {t('calls.targetsFailed')} {error.message}
        </Typography>
      )}
    </div>
  );
}
