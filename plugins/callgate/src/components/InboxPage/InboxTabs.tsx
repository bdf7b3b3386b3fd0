import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import { makeStyles } from '@material-ui/core/styles';
import type { RequestTab } from '../../api';
import { useText } from '../../translation';
import { quietText } from '../marks';
import { TABS } from './useInboxUrl';

const useStyles = makeStyles(theme => ({
  root: { borderBottom: `1px solid ${theme.palette.divider}` },
  tab: {
    minWidth: 0,
    padding: theme.spacing(1, 2),
    textTransform: 'none',
    opacity: 1,
    fontSize: theme.typography.body2.fontSize,
    fontVariantNumeric: 'tabular-nums',
    '&:not(.Mui-selected)': { color: quietText(theme) },
    '&.Mui-selected': { fontWeight: 600 },
  },
}));

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
  const classes = useStyles();
  const t = useText();
  return (
    <Tabs
      className={classes.root}
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
              ? t('inbox.waitingCount', { label: t('inbox.tabs.waiting'), total: String(waiting) })
              : t(`inbox.tabs.${each}`)
          }
        />
      ))}
    </Tabs>
  );
}
