import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import Autocomplete from '@material-ui/lab/Autocomplete';
import type { DraftMode } from '../../draft';
import { useText } from '../../translation';
import { ownsList, Problem, quietText } from '../marks';
import { CallerOption } from './callerOptions';
import { FieldLabel } from './FieldLabel';

const useStyles = makeStyles(theme => ({
  option: { display: 'block', overflowWrap: 'anywhere' },
  quiet: { color: quietText(theme) },
  help: { marginTop: theme.spacing(1), color: quietText(theme) },
}));

/** Who will call: what the reader owns, searchable; the rest of the catalog behind it. */
export function CallerField(props: {
  mode: DraftMode;
  value: CallerOption | undefined;
  options: CallerOption[];
  loading: boolean;
  ownsNothing: boolean;
  error?: Error;
  onRetry: () => void;
  onText: (text: string) => void;
  onChange: (caller: CallerOption | undefined) => void;
}) {
  const {
    mode,
    value,
    options,
    loading,
    ownsNothing,
    error,
    onRetry,
    onText,
    onChange,
  } = props;
  const classes = useStyles();
  const t = useText();
  const known =
    value && !options.some(({ ref }) => ref === value.ref)
      ? [...options, value]
      : options;
  const all = mode === 'grant' || ownsNothing;
  return (
    <div>
      <FieldLabel htmlFor="callgate-caller">{t('dialog.caller')}</FieldLabel>
      <Autocomplete
        id="callgate-caller"
        {...ownsList('callgate-caller')}
        fullWidth
        autoHighlight
        openOnFocus={false}
        // What was picked stays an option, but the list offers only what the text finds.
        options={known}
        value={value ?? null}
        loading={loading}
        loadingText={t('status.loading')}
        noOptionsText={t('dialog.callerNone')}
        filterOptions={() => options}
        getOptionLabel={option => option.name}
        getOptionSelected={(option, picked) => option.ref === picked.ref}
        onInputChange={(_, text, reason) => reason !== 'reset' && onText(text)}
        onChange={(_, picked) => onChange(picked ?? undefined)}
        onClose={() => onText('')}
        renderOption={option => (
          <span className={classes.option}>
            <bdi>{option.name}</bdi>{' '}
            <Typography
              variant="caption"
              component="span"
              className={classes.quiet}
            >
              {[option.kind, option.system].filter(Boolean).join(' · ')}
            </Typography>
          </span>
        )}
        renderInput={params => (
          <TextField
            {...params}
            variant="outlined"
            size="small"
            placeholder={t(
              all ? 'dialog.callerSearchAll' : 'dialog.callerSearch',
            )}
          />
        )}
      />
      {value && (
        <Typography variant="caption" component="p" className={classes.help}>
          {[value.kind, value.system, value.ref].filter(Boolean).join(' · ')}
        </Typography>
      )}
      {ownsNothing && mode === 'request' && (
        <Typography variant="body2" className={classes.help}>
          {t('dialog.ownsNothing')}
        </Typography>
      )}
      {error && (
        <Problem
          title={t('dialog.callerFailed')}
          error={error}
          retry={onRetry}
        />
      )}
    </div>
  );
}
