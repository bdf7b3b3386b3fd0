import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { GrantPage } from '@callgate/plugin-callgate-common';
import { useEntityPath } from '../../routing';
import { useText } from '../../translation';
import { useGrantAsks } from '../Grants';
import {
  Badge,
  EdgeTable,
  EntityName,
  EstateNotice,
  FlagList,
  nameOf,
  Panel,
  quietText,
  SourceLine,
} from '../marks';
import { Crumbs } from '../RequestPage';
import { GrantActions } from './GrantActions';
import { GrantFacts } from './GrantFacts';
import { GrantHistory } from './GrantHistory';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(3), maxWidth: 1400 },
  title: {
    margin: theme.spacing(0.5, 0, 1),
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.35,
    overflowWrap: 'anywhere',
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    color: quietText(theme),
  },
  columns: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    gap: theme.spacing(3),
    alignItems: 'start',
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  column: { display: 'grid', gap: theme.spacing(3), minWidth: 0 },
  quiet: { color: quietText(theme) },
}));

/** Whether it is declared, was declared once, or was only ever asked for. */
function stateOf({ declared, history }: GrantPage) {
  if (declared) return 'declared';
  return history.some(({ request }) => request.state === 'merged')
    ? 'ended'
    : 'never';
}

const TITLES = {
  declared: 'grant.titleNow',
  ended: 'grant.titleEnded',
  never: 'grant.titleNever',
} as const;

/** A grant: what it is on the left, what has happened to it on the right; below each other on a phone. */
export function GrantView(props: { grant: GrantPage; reload: () => void }) {
  const { grant, reload } = props;
  const classes = useStyles();
  const t = useText();
  const entityPath = useEntityPath();
  const { ask, dialog } = useGrantAsks({ onSent: reload });
  const { api, caller, declared, rows, source } = grant;
  const state = stateOf(grant);
  return (
    <div className={classes.root}>
      <header>
        <Crumbs
          list={nameOf(t, api)}
          path={entityPath(api.ref, 'access')}
          here={grant.id}
        />
        <Typography variant="h2" className={classes.title}>
          {t(TITLES[state], { caller: nameOf(t, caller), api: nameOf(t, api) })}
        </Typography>
        <Typography variant="body2" component="div" className={classes.line}>
          <Badge tone={declared ? 'good' : 'quiet'}>
            {t(`grant.state.${state}`)}
          </Badge>
          <EntityName entity={caller} icon tab="calls" />
          <EntityName entity={api} icon tab="access" />
        </Typography>
      </header>
      {declared && <EstateNotice source={source} reload={reload} />}
      {grant.flags && <FlagList flags={grant.flags} framed />}
      <div className={classes.columns}>
        <div className={classes.column}>
          <Panel title={t(declared ? 'grant.what' : 'grant.was')}>
            <GrantFacts grant={grant} />
          </Panel>
          <Panel title={t('grant.may')}>
            <GrantActions grant={grant} onAsk={ask} />
          </Panel>
        </div>
        <Panel title={t('grant.history')}>
          <GrantHistory grant={grant} />
        </Panel>
      </div>
      {declared && (
        <Panel title={t('grant.standing')}>
          {rows.length > 0 ? (
            <EdgeTable
              edges={rows}
              end="caller"
              label={t('grant.standing')}
              actions={() => undefined}
            />
          ) : (
            <Typography variant="body2">{t('grant.noStanding')}</Typography>
          )}
        </Panel>
      )}
      <Typography variant="caption" className={classes.quiet}>
        <SourceLine source={source} />
      </Typography>
      {dialog}
    </div>
  );
}
