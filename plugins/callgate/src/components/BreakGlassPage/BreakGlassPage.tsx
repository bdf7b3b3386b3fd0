import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { BrokenGlassList } from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { useText } from '../../translation';
import { EmptyList, Panel, quietText } from '../marks';
import { LoadedPage, SubPage } from '../SubPage';
import { BrokenGlassTable } from './BrokenGlassTable';

const useStyles = makeStyles(theme => ({
  quiet: { color: quietText(theme) },
}));

/** What went on before anybody approved it, and what came of it? For the platform team, and for who takes out evidence. */
export function BreakGlassPage() {
  const callgate = useApi(callgateApiRef);
  const t = useText();
  return (
    <LoadedPage
      name="break-glass"
      load={signal => callgate.getBrokenGlass({ signal })}
      failed={t('glass.page.failed')}
    >
      {list => <BreakGlassView list={list} />}
    </LoadedPage>
  );
}

function BreakGlassView({ list }: { list: BrokenGlassList }) {
  const { items, days, open, leftOut } = list;
  const classes = useStyles();
  const t = useText();
  return (
    <SubPage
      under="proposals"
      crumb={t('glass.mark')}
      title={t('glass.page.title', { count: open })}
      help={t('glass.page.help', { days: `${days}` })}
      wide
    >
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
    </SubPage>
  );
}
