import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { BrokenGlassList } from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { useLoaded, useReloadOnChange } from '../../hooks';
import { proposalsRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { EmptyList, Panel, quietText, Status } from '../marks';
import { Crumbs } from '../RequestPage';
import { BrokenGlassTable } from './BrokenGlassTable';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), maxWidth: 1400 },
  title: {
    margin: theme.spacing(0.5, 0, 1),
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.35,
  },
  quiet: { color: quietText(theme) },
}));

/** What went on before anybody approved it, and what came of it? For the platform team, and for who takes out evidence. */
export function BreakGlassPage() {
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const loaded = useLoaded('break-glass', signal =>
    callgate.getBrokenGlass({ signal }),
  );
  useReloadOnChange(loaded.reload);
  return (
    <Status loaded={loaded} failed={t('glass.page.failed')} page>
      {list => <BreakGlassView list={list} />}
    </Status>
  );
}

function BreakGlassView({ list }: { list: BrokenGlassList }) {
  const { items, days, open, leftOut } = list;
  const classes = useStyles();
  const t = useText();
  const proposals = useOptionalRouteRef(proposalsRouteRef);
  return (
    <div className={classes.root}>
      <header>
        <Crumbs
          list={t('pages.proposals')}
          path={proposals?.()}
          here={t('glass.mark')}
        />
        <Typography variant="h2" className={classes.title}>
          {t('glass.page.title', { count: open })}
        </Typography>
        <Typography variant="body2" className={classes.quiet}>
          {t('glass.page.help', { days: `${days}` })}
        </Typography>
      </header>
      {items.length === 0 ? (
        <EmptyList
          title={t('glass.page.empty')}
          help={t('glass.page.emptyHelp', { days: `${days}` })}
        />
      ) : (
        <Panel>
          <BrokenGlassTable items={items} />
        </Panel>
      )}
      {leftOut > 0 && (
        <Typography variant="caption" className={classes.quiet}>
          {t('glass.page.leftOut', { count: leftOut })}
        </Typography>
      )}
    </div>
  );
}
