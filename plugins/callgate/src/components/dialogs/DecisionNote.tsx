import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';
import { CALLGATE_LIMITS } from '@callgate/plugin-callgate-common';

const useStyles = makeStyles(theme => ({
  note: { marginTop: theme.spacing(2) },
}));

/** What somebody says to a decision about several things. */
export function DecisionNote(props: {
  id: string;
  label: string;
  value: string;
  /** What is said below the field. */
  help?: string;
  /** It has to be filled in first. */
  isMissing: boolean;
  onChange: (value: string) => void;
}) {
  const { id, label, value, help, isMissing, onChange } = props;
  const classes = useStyles();
  return (
    <TextField
      id={id}
      className={classes.note}
      label={label}
      variant="outlined"
      size="small"
      fullWidth
      multiline
      minRows={2}
      inputProps={{ maxLength: CALLGATE_LIMITS.reason }}
      value={value}
      error={isMissing}
      helperText={help}
      onChange={event => onChange(event.target.value)}
    />
  );
}
