import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CancelIcon from '@material-ui/icons/Cancel';
import InfoIcon from '@material-ui/icons/InfoOutlined';
import WarningIcon from '@material-ui/icons/Warning';
import type { Finding } from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { useText } from '../../translation';
import { quietText, Tone, toneColors } from './tones';

const TONES: { [severity in Finding['severity']]: Tone } = {
  error: 'bad',
  warning: 'warn',
  info: 'info',
};
const ICONS = { error: CancelIcon, warning: WarningIcon, info: InfoIcon };

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    gap: theme.spacing(1.5),
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    border: '1px solid',
    borderColor: ({ tone }: { tone: Tone }) => toneColors(theme, tone).border,
    backgroundColor: ({ tone }: { tone: Tone }) =>
      toneColors(theme, tone).background,
  },
  icon: {
    flex: 'none',
    fontSize: theme.typography.pxToRem(20),
    color: ({ tone }: { tone: Tone }) => toneColors(theme, tone).color,
  },
  text: { minWidth: 0, flex: 1, overflowWrap: 'anywhere' },
  details: {
    color: quietText(theme),
    '& > summary': { cursor: 'pointer' },
    '& > p': { margin: 0 },
  },
}));

/** A typed warning or error, what to do about it, and the button that does it. */
export function FindingCard(props: { finding: Finding; children?: ReactNode }) {
  const { finding, children } = props;
  const { severity, title, message, fix } = finding;
  const classes = useStyles({ tone: TONES[severity] });
  const t = useText();
  const Icon = ICONS[severity];
  return (
    <div className={classes.root}>
      <Icon
        className={classes.icon}
        titleAccess={t(`findings.${severity}`)}
      />
      <div className={classes.text}>
        <Typography variant="body2">
          <strong>{title}</strong>
          {restOf(title, message)}
        </Typography>
        {fix && <Typography variant="body2">{fix}</Typography>}
        {children && <div>{children}</div>}
        <Details finding={finding} />
      </div>
    </div>
  );
}

/** What it takes to look for what is meant: the words with ids, objects, code and place. */
function Details({ finding }: { finding: Finding }) {
  const { code, severity, detail, objects, at } = finding;
  const classes = useStyles({ tone: TONES[severity] });
  const t = useText();
  const place = at && [at.file, at.line, at.column].filter(isThere).join(':');
  if (detail === undefined && objects.length === 0 && !place) {
    return null;
  }
  const unnamed = objects.filter(each => !detail?.includes(each));
  return (
    <details className={classes.details}>
      <Typography component="summary" variant="caption">
        {t('findings.details')}
      </Typography>
      {detail !== undefined && (
        <Typography variant="caption" component="p">
          {detail}
        </Typography>
      )}
      {unnamed.length > 0 && (
        <Typography variant="caption" component="p">
          {unnamed.join(', ')}
        </Typography>
      )}
      <Typography variant="caption" component="p">
        <code>{code}</code>
        {place && ` ${t('findings.at', { place })}`}
        {at?.field && ` · ${at.field}`}
      </Typography>
    </details>
  );
}

function isThere<T>(part: T | undefined): part is T {
  return part !== undefined;
}

/** What a message says beyond its title: many begin by repeating it. */
function restOf(title: string, message: string): string {
  const repeats = message
    .toLocaleLowerCase()
    .startsWith(title.toLocaleLowerCase());
  return repeats ? message.slice(title.length) : `. ${message}`;
}
