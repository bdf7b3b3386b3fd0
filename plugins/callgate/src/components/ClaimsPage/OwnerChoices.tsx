import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { OwnerChoice } from '@callgate/plugin-callgate-common';
import { useId } from 'react';
import { useText } from '../../translation';
import { nameOf, quietText } from '../marks';

/** The choice of somebody who owns none of the claimants. */
export const OTHER = 'other';

const useStyles = makeStyles(theme => ({
  label: {
    marginBottom: theme.spacing(0.5),
    fontSize: theme.typography.body2.fontSize,
    fontWeight: 600,
    '&, &.Mui-focused': { color: theme.palette.text.primary },
  },
  choice: { alignItems: 'flex-start', marginRight: 0 },
  text: { paddingTop: theme.spacing(1) },
  quiet: { display: 'block', color: quietText(theme) },
  other: { maxWidth: 420, marginLeft: theme.spacing(4) },
}));

/** Whose it is to be: an owner of a claimant, with what would hold then, or somebody else. */
export function OwnerChoices(props: {
  choices: readonly OwnerChoice[];
  disabled: boolean;
  owner?: string;
  other: string;
  onOwner: (owner: string) => void;
  onOther: (ref: string) => void;
}) {
  const { choices, disabled, owner, other, onOwner, onOther } = props;
  const classes = useStyles();
  const t = useText();
  const otherId = useId();
  return (
    <FormControl component="fieldset" disabled={disabled}>
      <FormLabel component="legend" className={classes.label}>
        {t('claims.whose')}
      </FormLabel>
      <RadioGroup
        value={owner ?? 'none'}
        onChange={(_event, value) => onOwner(value)}
      >
        {choices.map(choice => (
          <FormControlLabel
            key={choice.owner.ref}
            value={choice.owner.ref}
            className={classes.choice}
            control={<Radio color="primary" size="small" />}
            label={
              <span>
                <Typography
                  variant="body2"
                  component="span"
                  display="block"
                  className={classes.text}
                >
                  {nameOf(t, choice.owner)}
                </Typography>
                <Typography
                  variant="caption"
                  component="span"
                  className={classes.quiet}
                >
                  {choice.holds.length > 0
                    ? t('claims.holds', {
                        claimants: choice.holds
                          .map(each => nameOf(t, each))
                          .join(', '),
                      })
                    : t('claims.holdsNone')}
                </Typography>
              </span>
            }
          />
        ))}
        <FormControlLabel
          value={OTHER}
          control={<Radio color="primary" size="small" />}
          label={
            <Typography variant="body2" component="span">
              {t('claims.other')}
            </Typography>
          }
        />
      </RadioGroup>
      {owner === OTHER && (
        <TextField
          id={otherId}
          className={classes.other}
          variant="outlined"
          size="small"
          label={t('claims.otherLabel')}
          helperText={t('claims.otherHelp')}
          value={other}
          onChange={event => onOther(event.target.value)}
        />
      )}
    </FormControl>
  );
}
