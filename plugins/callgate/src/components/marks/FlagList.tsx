import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import WarningIcon from '@material-ui/icons/Warning';
import type {
  CascadeFlag,
  PreparedAsk,
} from '@callgate/plugin-callgate-common';
import { draftToSearch, grantAskToSearch } from '../../draft';
import { requestRouteRef } from '../../routes';
import {
  useEntityPath,
  useGrantPath,
  useOptionalRouteRef,
} from '../../routing';
import { useText } from '../../translation';
import { toneColors, toneText } from './tones';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  flag: {
    display: 'flex',
    gap: theme.spacing(1),
    overflowWrap: 'anywhere',
  },
  card: {
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    border: '1px solid',
    borderColor: toneColors(theme, 'warn').border,
    backgroundColor: toneColors(theme, 'warn').background,
  },
  icon: {
    flex: 'none',
    fontSize: theme.typography.pxToRem(20),
    color: toneText(theme, 'warn'),
  },
  text: { minWidth: 0 },
}));

/** What has become of the things that a grant or an API names, each with the request that is prepared for it. */
export function FlagList(props: {
  flags: readonly CascadeFlag[];
  /** Each in a frame of its own, where nothing else is around it. */
  framed?: boolean;
}) {
  const { flags, framed } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <ul className={classes.root} aria-label={t('flags.title')}>
      {flags.map(flag => (
        <li
          key={flag.kind}
          className={framed ? `${classes.flag} ${classes.card}` : classes.flag}
        >
          {/* It hides itself from those who listen, unless it has a title. */}
          <WarningIcon className={classes.icon} titleAccess={t('flags.sign')} />
          <Typography variant="body2" component="div" className={classes.text}>
            {flag.text} <Next next={flag.next} />
          </Typography>
        </li>
      ))}
    </ul>
  );
}

/** A link, so that it leads to the dialog from whichever page it stands on. */
function Next({ next }: { next?: PreparedAsk }) {
  const t = useText();
  const to = useNextPath()(next);
  if (!next || to === undefined) return null;
  return (
    <Link to={to}>
      {t(next.request === undefined ? `flags.${next.kind}` : 'flags.request')}
    </Link>
  );
}

function useNextPath(): (next?: PreparedAsk) => string | undefined {
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  const grantPath = useGrantPath();
  const entityPath = useEntityPath();
  return next => {
    if (!next) return undefined;
    const { kind, api, grant, request } = next;
    if (request !== undefined) return requestRoute?.({ id: request });
    if (kind === 'new') {
      const page = entityPath(api, 'access');
      const { caller, operations } = next;
      return (
        page &&
        `${page}?${draftToSearch('request', {
          api,
          caller,
          operations,
          in: next.in,
        })}`
      );
    }
    const page = grantPath(grant, api);
    return (
      page &&
      `${page}&${grantAskToSearch({
        kind,
        api,
        grant,
        operations: next.operations,
      })}`
    );
  };
}
