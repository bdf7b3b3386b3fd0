import { Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import ButtonBase from '@material-ui/core/ButtonBase';
import IconButton from '@material-ui/core/IconButton';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CloseIcon from '@material-ui/icons/Close';
import ExpandLessIcon from '@material-ui/icons/ExpandLess';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import { type ReactNode, useId } from 'react';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { accentText, Badge, nameOf, quietText } from '../marks';
import { decidersText } from '../RequestDialog/decidersText';
import type { SittingLine } from './useSitting';

const TONES = {
  choose: 'quiet',
  checking: 'quiet',
  fine: 'good',
  already: 'info',
  refused: 'bad',
  failed: 'bad',
  sending: 'quiet',
  sent: 'good',
  'not-sent': 'bad',
} as const;

const WORDS = {
  choose: 'sitting.choose',
  checking: 'several.checking',
  fine: 'several.fine',
  already: 'several.already',
  refused: 'several.refused',
  failed: 'several.failed',
  sending: 'several.sending',
  sent: 'several.sent',
  'not-sent': 'several.notSent',
} as const;

const useStyles = makeStyles(theme => ({
  root: {
    borderTop: `1px solid ${theme.palette.divider}`,
    padding: theme.spacing(1, 0),
    overflowWrap: 'anywhere',
  },
  head: { display: 'flex', alignItems: 'flex-start', gap: theme.spacing(1) },
  name: {
    flex: 1,
    justifyContent: 'flex-start',
    gap: theme.spacing(0.5),
    minWidth: 0,
    minHeight: 36,
    textAlign: 'left',
    borderRadius: theme.shape.borderRadius,
    '&:focus-visible': { outline: `2px solid ${accentText(theme)}` },
  },
  title: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    minWidth: 0,
  },
  said: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 2),
    paddingLeft: theme.spacing(3.5),
  },
  quiet: { color: quietText(theme) },
  link: { color: accentText(theme), fontWeight: 600 },
  remove: { '&:focus-visible': { outline: '2px solid currentColor' } },
}));

/** One API of a sitting: how it stands in one line, and behind it what is asked and what that opens. */
export function SittingRow(props: {
  line: SittingLine;
  isOpen: boolean;
  /** Whether what is there may be sent as it is. */
  canSend: boolean;
  disabled: boolean;
  onToggle: () => void;
  onRemove: () => void;
  onAgain: () => void;
  /** What is asked, where it is open. */
  children: ReactNode;
}) {
  const { line, isOpen, canSend, disabled, children } = props;
  const { item, state, text, live } = line;
  const classes = useStyles();
  const t = useText();
  const id = useId();
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  const api = nameOf(t, item.api);
  const { sent } = item;
  const Icon = isOpen ? ExpandLessIcon : ExpandMoreIcon;
  return (
    <li className={classes.root}>
      <div className={classes.head}>
        <ButtonBase
          className={classes.name}
          disabled={sent !== undefined}
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={props.onToggle}
        >
          {!sent && <Icon fontSize="small" />}
          <span className={classes.title}>
            <Typography variant="body1" component="strong">
              <bdi>{api}</bdi>
            </Typography>
            {item.operations.length > 0 && (
              <Typography
                variant="caption"
                component="span"
                className={classes.quiet}
              >
                {t('sitting.count', { count: item.operations.length })}
              </Typography>
            )}
          </span>
        </ButtonBase>
        {!sent && (
          <IconButton
            size="small"
            className={classes.remove}
            disableFocusRipple
            disabled={disabled}
            aria-label={t('sitting.remove', { api })}
            onClick={props.onRemove}
          >
            <CloseIcon fontSize="small" />
          </IconButton>
        )}
      </div>
      <div className={classes.said} role="status">
        <Badge tone={TONES[state]}>{t(WORDS[state])}</Badge>
        {sent && requestRoute && (
          <Link to={requestRoute({ id: sent.id })} className={classes.link}>
            {t('dialog.openSent', { number: String(sent.number) })}
          </Link>
        )}
        {text && <Typography variant="body2">{text}</Typography>}
        {state === 'fine' && live.preview && (
          <Typography variant="caption" className={classes.quiet}>
            {decidersText(t, { kind: 'new', breakGlass: false }, live.preview)}
          </Typography>
        )}
        {state === 'not-sent' && (
          <Button
            size="small"
            variant="outlined"
            color="primary"
            aria-label={t('sitting.againApi', { api })}
            disabled={disabled || !canSend}
            onClick={props.onAgain}
          >
            {t('sitting.again')}
          </Button>
        )}
      </div>
      {isOpen && <div id={id}>{children}</div>}
    </li>
  );
}
