import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import Autocomplete from '@material-ui/lab/Autocomplete';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { useTargets } from '../CallsTab/useTargets';
import { ownsList, Problem, quietText, titleOf } from '../marks';
import { FieldLabel } from '../RequestDialog/FieldLabel';

const useStyles = makeStyles(theme => ({
  quiet: { color: quietText(theme), marginLeft: theme.spacing(1) },
}));

/** Adds an API that the reader may see: those that concern the caller first, then whatever the catalog shows them. */
export function ApiAdder(props: {
  targets: readonly EntityLabel[];
  /** Refs of those that are there. */
  chosen: readonly string[];
  disabled: boolean;
  onAdd: (api: EntityLabel) => void;
}) {
  const { targets, chosen, disabled, onAdd } = props;
  const classes = useStyles();
  const t = useText();
  const { options, loading, error, setText } = useTargets(targets);
  // The field is empty again after each.
  const [written, setWritten] = useState('');
  return (
    <div>
      <FieldLabel htmlFor="callgate-add-api">{t('sitting.add')}</FieldLabel>
      <Autocomplete
        id="callgate-add-api"
        {...ownsList('callgate-add-api')}
        disabled={disabled}
        // Until the search answers, Enter must not take what was found for another text.
        options={options.filter(
          each =>
            !chosen.includes(each.ref) &&
            `${titleOf(t, each)} ${each.ref}`
              .toLocaleLowerCase()
              .includes(written.trim().toLocaleLowerCase()),
        )}
        value={null}
        inputValue={written}
        autoHighlight
        blurOnSelect={false}
        loading={loading}
        loadingText={t('status.loading')}
        noOptionsText={t('calls.noTarget')}
        filterOptions={given => given}
        getOptionLabel={option => titleOf(t, option)}
        onInputChange={(_, text) => {
          setWritten(text);
          setText(text);
        }}
        onChange={(_, picked: EntityLabel | null) => {
          if (!picked) return;
          onAdd(picked);
          setWritten('');
          setText('');
        }}
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
            placeholder={t('calls.searchTargets')}
          />
        )}
      />
      {error && <Problem title={t('calls.targetsFailed')} error={error} />}
    </div>
  );
}
