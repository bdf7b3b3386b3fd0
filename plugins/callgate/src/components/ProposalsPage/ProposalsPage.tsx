import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { callgateApiRef } from '../../api';
import { usePages, useReloadOnChange } from '../../hooks';
import { useSearchParams } from '../../routing';
import { useText } from '../../translation';
import {
  EmptyList,
  FindingList,
  Panel,
  quietText,
  Status,
  useHiddenText,
  useTabStyles,
} from '../marks';
import { BreakGlassLink } from '../BreakGlassPage';
import { ClaimsLink } from '../ClaimsPage';
import { ClustersLink } from '../ClustersPage';
import { ImportLink } from '../ImportPage';
import { EvidenceButton } from './EvidenceButton';
import { ProposalList } from './ProposalList';

const PAGE = 50;
const PANEL = 'callgate-proposals-panel';
const TABS = ['open', 'merged', 'closed', 'all'] as const;
type ProposalTab = (typeof TABS)[number];

/** A proposal that is being built, or could not be written, is as unfinished as an open one. */
const STATES: { [tab in ProposalTab]?: string[] } = {
  open: ['building', 'open', 'failed'],
  merged: ['merged'],
  closed: ['closed'],
};

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), maxWidth: 1400 },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
  },
  quiet: { color: quietText(theme), fontVariantNumeric: 'tabular-nums' },
}));

/** Pull requests of Callgate's, the open ones first. */
export function ProposalsPage() {
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const hidden = useHiddenText();
  const tabs = useTabStyles();
  const t = useText();
  const [params, setParams] = useSearchParams();
  const tab = TABS.find(each => each === params.get('tab')) ?? 'open';
  const state = STATES[tab];
  const list = usePages(tab, (cursor, signal) =>
    callgate.listProposals(
      { limit: PAGE, ...(state && { state }), ...(cursor && { cursor }) },
      { signal },
    ),
  );
  useReloadOnChange(list.reload);
  const findings = list.value?.findings ?? [];
  return (
    <div className={classes.root}>
      <h2 className={hidden}>{t('proposals.title')}</h2>
      <div className={classes.bar}>
        <ClaimsLink contested={list.value?.contestedClaims} />
        {/* The number is told to members of the platform team alone. */}
        <ClustersLink isMember={list.value?.contestedClaims !== undefined} />
        <BreakGlassLink open={list.value?.brokenGlass} />
        <ImportLink isMember={list.value?.contestedClaims !== undefined} />
        {list.value?.evidence && <EvidenceButton />}
      </div>
      {findings.length > 0 && (
        <Panel title={t('proposals.toMend')}>
          <FindingList findings={findings} />
        </Panel>
      )}
      <Tabs
        className={tabs.tabs}
        value={tab}
        onChange={(_event, value: ProposalTab) => setParams({ tab: value })}
        aria-label={t('proposals.tabsLabel')}
        indicatorColor="primary"
        variant="scrollable"
        scrollButtons="off"
      >
        {TABS.map(each => (
          <Tab
            key={each}
            value={each}
            id={`callgate-proposals-${each}`}
            aria-controls={PANEL}
            className={tabs.tab}
            label={t(`proposals.tabs.${each}`)}
          />
        ))}
      </Tabs>
      <div
        role="tabpanel"
        id={PANEL}
        aria-labelledby={`callgate-proposals-${tab}`}
        className={classes.root}
      >
        <Status loaded={list} failed={t('proposals.failed')}>
          {({ items, total, nextCursor }) =>
            items.length === 0 ? (
              <EmptyList
                title={t(`proposals.empty.${tab}`)}
                help={t('proposals.emptyHelp')}
              />
            ) : (
              <>
                <Panel>
                  <ProposalList proposals={items} />
                </Panel>
                <div className={classes.bar}>
                  {nextCursor && (
                    <Button
                      variant="outlined"
                      size="small"
                      disabled={list.loading}
                      onClick={list.more}
                    >
                      {t('inbox.more')}
                    </Button>
                  )}
                  <Typography variant="caption" className={classes.quiet}>
                    {t('inbox.shown', {
                      shown: String(items.length),
                      total: String(total),
                    })}
                  </Typography>
                </div>
              </>
            )
          }
        </Status>
      </div>
    </div>
  );
}
