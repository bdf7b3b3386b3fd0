import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import type { RequestTab } from '../../api';
import { useText } from '../../translation';
import { useTabStyles } from '../marks';
import { TABS } from './useInboxUrl';

/** The id of the panel that the tabs show. */
export const INBOX_PANEL = 'callgate-inbox-panel';

/** Waits for me (with its count), mine, all that the reader may see. */
export function InboxTabs(props: {
  tab: RequestTab;
  /** How many wait for the reader; absent while it is not known. */
  waiting?: number;
  onChange: (tab: RequestTab) => void;
}) {
  const { tab, waiting, onChange } = props;
  const classes = useTabStyles();
  const t = useText();
  return (
    <Tabs
      className={classes.tabs}
      value={tab}
      onChange={(_event, value: RequestTab) => onChange(value)}
      aria-label={t('inbox.tabsLabel')}
      indicatorColor="primary"
      variant="scrollable"
      scrollButtons="off"
    >
      {TABS.map(each => (
        <Tab
          key={each}
          value={each}
          id={`callgate-inbox-${each}`}
          aria-controls={INBOX_PANEL}
          className={classes.tab}
          label={
            each === 'waiting' && waiting !== undefined
              ? t('inbox.waitingCount', {
                  label: t('inbox.tabs.waiting'),
                  total: String(waiting),
                })
              : t(`inbox.tabs.${each}`)
          }
        />
      ))}
    </Tabs>
  );
}
