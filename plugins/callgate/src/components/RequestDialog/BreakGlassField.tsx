import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Preview } from '@callgate/plugin-callgate-common';
import { useId } from 'react';
import { useText } from '../../translation';
import { momentText, quietText, toneColors } from '../marks';
import type { RequestForm } from './useRequestForm';

const useStyles = makeStyles(theme => ({
  root: {
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${toneColors(theme, 'warn').border}`,
  },
  label: { alignItems: 'flex-start', margin: theme.spacing(1, 0, 0) },
  box: { padding: theme.spacing(0, 1, 0, 0) },
  quiet: { color: quietText(theme), marginTop: theme.spacing(0.5) },
}));

/**
 * The choice not to wait for an approval, apart from everything else, with what follows. Nothing where the portal has no such thing, or
 * not for the reader; or where nothing could be sent at all.
 */
export function BreakGlassField(props: {
  form: RequestForm;
  preview: Preview | undefined;
}) {
  const { form, preview } = props;
  const classes = useStyles();
  const t = useText();
  const titleId = useId();
  const helpId = useId();
  const offer = preview?.breakGlass;
  if (!offer || !(preview.send.allowed || form.breakGlass)) {
    return null;
  }
  const { allowed, reason } = offer.send;
  return (
    <div className={classes.root} role="group" aria-labelledby={titleId}>
      <Typography variant="body2" id={titleId}>
        <strong>{t('glass.ask.title')}</strong>
      </Typography>
      <FormControlLabel
        className={classes.label}
        control={
          <Checkbox
            size="small"
            color="primary"
            className={classes.box}
            checked={form.breakGlass}
            // Who has chosen it can always go back.
            disabled={!allowed && !form.breakGlass}
            onChange={(_, checked) => form.setBreakGlass(checked)}
            inputProps={{ 'aria-describedby': helpId }}
          />
        }
        label={<Typography variant="body2">{t('glass.ask.check')}</Typography>}
      />
      <Typography variant="body2" id={helpId} className={classes.quiet}>
        {allowed
          ? t('glass.ask.follows', { when: momentText(t, offer.expiresAt) })
          : reason}
      </Typography>
    </div>
  );
}
