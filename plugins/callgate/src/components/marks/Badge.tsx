import { makeStyles } from '@material-ui/core/styles';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckIcon from '@material-ui/icons/Check';
import HelpIcon from '@material-ui/icons/HelpOutline';
import InfoIcon from '@material-ui/icons/InfoOutlined';
import WarningIcon from '@material-ui/icons/Warning';
import type { ReactNode } from 'react';
import { Tone, toneColors } from './tones';

const ICONS = {
  good: CheckIcon,
  warn: WarningIcon,
  bad: CancelIcon,
  info: InfoIcon,
  quiet: undefined,
  unknown: HelpIcon,
};

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    maxWidth: '100%',
    minHeight: 22,
    padding: theme.spacing(0.25, 1.25),
    borderRadius: 11,
    fontSize: theme.typography.pxToRem(12),
    fontWeight: 600,
    lineHeight: 1.4,
    overflowWrap: 'break-word',
    color: ({ tone }: { tone: Tone }) => toneColors(theme, tone).color,
    backgroundColor: ({ tone }: { tone: Tone }) =>
      toneColors(theme, tone).background,
  },
  icon: { fontSize: theme.typography.pxToRem(14), flex: 'none' },
}));

/** A small mark of a state: icon, word and colour say the same. */
export function Badge(props: {
  tone: Tone;
  children: ReactNode;
  /** `unknown` where nothing can be told; by default the tone's own icon. */
  icon?: 'unknown';
}) {
  const { tone, icon, children } = props;
  const classes = useStyles({ tone });
  const Icon = ICONS[icon ?? tone];
  return (
    <span className={classes.root}>
      {Icon && <Icon className={classes.icon} aria-hidden />}
      <span>{children}</span>
    </span>
  );
}
