import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormGroup from '@material-ui/core/FormGroup';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useId } from 'react';
import { Text, useText } from '../../translation';
import { toneColors } from '../marks';

const useStyles = makeStyles(theme => ({
  root: {
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${toneColors(theme, 'warn').border}`,
  },
  label: { alignItems: 'flex-start', margin: theme.spacing(1, 0, 0) },
  box: { padding: theme.spacing(0, 1, 0, 0) },
}));

/** Gaps that cannot be closed: nothing is sent until the requester has accepted each by name. */
export function Acknowledgements(props: {
  gaps: readonly string[];
  accepted: string[];
  caller: string;
  onChange: (accepted: string[]) => void;
}) {
  const { gaps, accepted, caller, onChange } = props;
  const classes = useStyles();
  const t = useText();
  const titleId = useId();
  if (gaps.length === 0) {
    return null;
  }
  return (
    <div className={classes.root} role="group" aria-labelledby={titleId}>
      <Typography variant="body2" id={titleId}>
        <strong>{t('dialog.acknowledge.title')}</strong>
      </Typography>
      <FormGroup>
        {gaps.map(gap => (
          <FormControlLabel
            key={gap}
            className={classes.label}
            control={
              <Checkbox
                size="small"
                color="primary"
                className={classes.box}
                checked={accepted.includes(gap)}
                onChange={(_, checked) =>
                  onChange(
                    checked
                      ? [...accepted, gap]
                      : accepted.filter(each => each !== gap),
                  )
                }
              />
            }
            label={
              <Typography variant="body2">{gapText(t, gap, caller)}</Typography>
            }
          />
        ))}
      </FormGroup>
    </div>
  );
}

/** Accepting a gap, as something to do. */
export function gapAction(t: Text, gap: string): string {
  switch (gap) {
    case 'method-not-enforced':
      return t('dialog.accept.method-not-enforced');
    case 'identity-not-enforced':
      return t('dialog.accept.identity-not-enforced');
    case 'shared-service-account':
      return t('dialog.accept.shared-service-account');
    default:
      return t('dialog.accept.other', { gap });
  }
}

function gapText(t: Text, gap: string, caller: string): string {
  switch (gap) {
    case 'method-not-enforced':
      return t('dialog.acknowledge.method-not-enforced', { caller });
    case 'identity-not-enforced':
      return t('dialog.acknowledge.identity-not-enforced');
    case 'shared-service-account':
      return t('dialog.acknowledge.shared-service-account');
    default:
      return t('dialog.acknowledge.other', { gap });
  }
}
