import { Link } from '@backstage/core-components';
import Checkbox from '@material-ui/core/Checkbox';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRequestSummary } from '@callgate/plugin-callgate-common';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  accentText,
  Badge,
  GlassMark,
  isDecidedAfterwards,
  isOfGrant,
  LastDay,
  nameOf,
  OperationList,
  quietGround,
  quietText,
  StateChip,
  TimeAgo,
} from '../marks';
import { RiskMarks } from './RiskMarks';
import type { Picking } from './usePicking';

const useStyles = makeStyles(theme => ({
  row: {
    position: 'relative',
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr) 176px',
    gap: theme.spacing(1, 2),
    alignItems: 'start',
    padding: theme.spacing(1.5, 1),
    margin: theme.spacing(0, -1),
    borderRadius: theme.shape.borderRadius,
    '&:hover, &:focus-within': { backgroundColor: quietGround(theme) },
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  asks: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0.5),
  },
  link: {
    color: accentText(theme),
    fontWeight: 600,
    // The whole row is the link; what can be pressed within it lies above.
    '&::after': {
      content: '""',
      position: 'absolute',
      inset: 0,
      borderRadius: theme.shape.borderRadius,
    },
    '&:focus-visible': { outline: 'none' },
    '&:focus-visible::after': { outline: `2px solid ${accentText(theme)}` },
  },
  reason: {
    flexBasis: '100%',
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    textOverflow: 'ellipsis',
  },
  pick: { position: 'relative', zIndex: 1, padding: 0, alignSelf: 'center' },
  above: { minWidth: 0, '& button': { position: 'relative', zIndex: 1 } },
  marks: {
    display: 'grid',
    gap: theme.spacing(0.5),
    justifyItems: 'start',
    [theme.breakpoints.down('sm')]: { display: 'flex', flexWrap: 'wrap' },
  },
  quiet: { color: quietText(theme), fontVariantNumeric: 'tabular-nums' },
}));

/** One request in a list: who asks for what, what makes it risky, who waits since when. */
export function InboxRow(props: {
  request: AccessRequestSummary;
  /** Where the list holds requests in several states. */
  showState?: boolean;
  /** Which rows are picked, where some can be. */
  picking?: Picking;
}) {
  const { request, showState, picking } = props;
  const classes = useStyles();
  const t = useText();
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  const {
    caller,
    operations,
    risk,
    requestedBy,
    createdAt,
    state,
    waitsFor,
    summary,
    reasonLine,
    kind,
    until,
  } = request;
  const ports = operations.every(each => each.kind === 'port');
  const link = (text: string) =>
    requestRoute ? (
      <Link
        to={requestRoute({ id: request.id })}
        className={classes.link}
        aria-label={summary}
        data-row
      >
        {text}
      </Link>
    ) : (
      <strong>{text}</strong>
    );
  return (
    <div className={classes.row}>
      <Typography variant="body2" component="div" className={classes.asks}>
        {picking?.canPick(request) && (
          <Checkbox
            size="small"
            color="primary"
            className={classes.pick}
            checked={picking.isPicked(request.id)}
            onChange={() => picking.toggle(request.id)}
            inputProps={{ 'aria-label': t('inbox.pick', { what: summary }) }}
          />
        )}
        {kind === 'confirm' && (
          <span>{t('confirm.what', { what: link(summary) })}</span>
        )}
        {isOfGrant(kind) && <span>{link(summary)}</span>}
        {kind === 'new' && (
          <>
            {t(ports ? 'access.asksFor' : 'access.asksTo', {
              caller: link(nameOf(t, caller)),
            })}
            <span className={classes.above}>
              <OperationList operations={operations} />
            </span>
          </>
        )}
        {reasonLine && (
          <div
            className={`${classes.reason} ${classes.quiet}`}
            title={reasonLine}
            dir="auto"
          >
            {reasonLine}
          </div>
        )}
      </Typography>
      <div className={classes.marks}>
        {showState && <StateChip state={state} waitsFor={waitsFor} />}
        {request.breakGlass &&
          (isDecidedAfterwards(request) && request.waitsForMe ? (
            <Badge tone="warn">{t('glass.inbox')}</Badge>
          ) : (
            <GlassMark breakGlass={request.breakGlass} />
          ))}
        {request.meaningChanged && (
          <Badge tone="warn">{t('inbox.changed')}</Badge>
        )}
        {state === 'submitted' && request.meaningChanged === undefined && (
          <Badge tone="quiet">{t('inbox.notCompared')}</Badge>
        )}
        {request.proposal?.changesRequested && (
          <Badge tone="warn">{t('inbox.objected')}</Badge>
        )}
        <RiskMarks risk={risk} ends={kind === 'end'} />
      </div>
      <Typography variant="caption" component="div" className={classes.quiet}>
        {t('inbox.asked', {
          who: nameOf(t, requestedBy),
          when: <TimeAgo at={createdAt} />,
        })}
        {until && (
          <div>
            <LastDay day={until} />
          </div>
        )}
        {request.in.length > 0 && (
          <div>{t('request.scope', { clusters: request.in.join(', ') })}</div>
        )}
      </Typography>
    </div>
  );
}
