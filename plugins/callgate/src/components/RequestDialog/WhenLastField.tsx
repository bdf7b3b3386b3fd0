import FormControlLabel from '@material-ui/core/FormControlLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { EntityLabel, WhenLast } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { nameOf, quietText } from '../marks';
import { FieldLabel } from './FieldLabel';
import type { RequestForm } from './useRequestForm';

const useStyles = makeStyles(theme => ({
  now: { marginBottom: theme.spacing(1) },
  choice: { alignItems: 'flex-start', marginBottom: theme.spacing(1) },
  radio: { padding: theme.spacing(0, 1) },
  help: { display: 'block', color: quietText(theme) },
}));

const CHOICES = [
  {
    value: 'keep-closed',
    text: 'grants.keepClosed',
    help: 'grants.keepClosedHelp',
    helpToday: 'grants.keepClosedHelpToday',
  },
  {
    value: 'open',
    text: 'grants.open',
    help: 'grants.openHelp',
    helpToday: 'grants.openHelpToday',
  },
] as const;

/** What becomes of an API of which the last grant ends. */
export function WhenLastField(props: {
  api: EntityLabel;
  form: RequestForm;
  /** Everyone can call the API today, so that nothing is chosen until somebody does. */
  mustChoose: boolean;
}) {
  const { api, form, mustChoose } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <div>
      <FieldLabel id="callgate-when-last">
        {t('grants.whenLast', { api: nameOf(t, api) })}
      </FieldLabel>
      {mustChoose && (
        <Typography
          variant="body2"
          id="callgate-when-last-now"
          className={classes.now}
        >
          {t('grants.openToday', { api: nameOf(t, api) })}
        </Typography>
      )}
      <RadioGroup
        aria-labelledby="callgate-when-last"
        name="callgate-when-last"
        aria-describedby={mustChoose ? 'callgate-when-last-now' : undefined}
        value={form.whenLast ?? (mustChoose ? null : 'keep-closed')}
        onChange={(_, value) => form.setWhenLast(value as WhenLast)}
      >
        {CHOICES.map(({ value, text, help, helpToday }) => (
          <FormControlLabel
            key={value}
            value={value}
            className={classes.choice}
            control={
              <Radio size="small" color="primary" className={classes.radio} />
            }
            label={
              <>
                <Typography variant="body2">{t(text)}</Typography>
                <Typography variant="caption" className={classes.help}>
                  {t(mustChoose ? helpToday : help)}
                </Typography>
              </>
            }
          />
        ))}
      </RadioGroup>
    </div>
  );
}
