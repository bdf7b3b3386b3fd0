import Button, { ButtonProps } from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Capability } from '@callgate/plugin-callgate-common';
import { useId } from 'react';
import { quietText } from './tones';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
  },
  wide: { display: 'flex' },
  reason: { color: quietText(theme), maxWidth: 360, overflowWrap: 'anywhere' },
}));

/** A button that a person may not press is there, disabled, with the reason beside it. */
export function CapabilityButton(
  props: ButtonProps & { capability: Capability },
) {
  const { capability, disabled, ...rest } = props;
  const classes = useStyles();
  const reasonId = useId();
  const { allowed, reason } = capability;
  return (
    <span className={`${classes.root} ${rest.fullWidth ? classes.wide : ''}`}>
      <Button
        {...rest}
        disabled={!allowed || disabled}
        aria-describedby={!allowed && reason ? reasonId : undefined}
      />
      {!allowed && reason && (
        <Typography
          id={reasonId}
          variant="caption"
          component="span"
          className={classes.reason}
        >
          {reason}
        </Typography>
      )}
    </span>
  );
}
