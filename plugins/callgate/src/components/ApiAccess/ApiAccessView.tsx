import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ApiAccess } from '@callgate/plugin-callgate-common';
import type { DraftMode, DraftStart } from '../../draft';
import { useText } from '../../translation';
import {
  CapabilityButton,
  EstateNotice,
  FindingList,
  FlagList,
  Panel,
  quietText,
  SourceLine,
} from '../marks';
import { useGrantAsks } from '../Grants';
import { ProviderAskAction } from '../ProviderAsk';
import { CallersPanel } from './CallersPanel';
import { ClustersPanel } from './ClustersPanel';
import { OpenNowPanel } from './OpenNowPanel';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(3),
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    maxWidth: 1400,
    overflowWrap: 'anywhere',
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  wide: { gridColumn: '1 / -1' },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: theme.spacing(2),
  },
  answer: { flex: '1 1 320px', minWidth: 0 },
  headline: {
    fontSize: theme.typography.pxToRem(20),
    fontWeight: 600,
    lineHeight: 1.4,
  },
  quiet: { color: quietText(theme) },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: theme.spacing(1.5),
  },
}));

/** The answer in one sentence, the one next action, then everything behind it. */
export function ApiAccessView(props: {
  access: ApiAccess;
  onAsk: (mode: DraftMode, draft?: DraftStart) => void;
  onSent: () => void;
}) {
  const { access, onAsk, onSent } = props;
  const classes = useStyles();
  const t = useText();
  const { headline, source, request, grant, findings } = access;
  const grants = useGrantAsks({ onSent });
  const notes = access.clusters.flatMap(({ cluster, note }) =>
    note && !headline.text.includes(note) ? [`${cluster}: ${note}`] : [],
  );
  return (
    <div className={classes.root}>
      <header className={`${classes.wide} ${classes.head}`}>
        <div className={classes.answer}>
          <Typography variant="h2" className={classes.headline}>
            {headline.text}
          </Typography>
          <Typography variant="body2" className={classes.quiet}>
            <SourceLine source={source} />
            {notes.map(note => ` · ${note}`)}
          </Typography>
        </div>
        <div className={classes.actions}>
          {grant.allowed && (
            <Button
              variant="outlined"
              color="primary"
              onClick={() => onAsk('grant')}
            >
              {t('access.grant')}
            </Button>
          )}
          <CapabilityButton
            variant="contained"
            color="primary"
            capability={request}
            onClick={() => onAsk('request')}
          >
            {t('access.request')}
          </CapabilityButton>
        </div>
      </header>
      {access.flags && (
        <div className={classes.wide}>
          <FlagList flags={access.flags} framed />
        </div>
      )}
      {source.estate && (
        <div className={classes.wide}>
          <EstateNotice source={source} reload={onSent} />
        </div>
      )}
      <ClustersPanel access={access} />
      <OpenNowPanel access={access} />
      <div className={classes.wide}>
        <CallersPanel
          access={access}
          onAsk={onAsk}
          grantActions={grants.menuOf}
        />
      </div>
      {findings.length > 0 && (
        <div className={classes.wide}>
          <Panel title={t('access.findings')} count={findings.length}>
            <FindingList
              findings={findings}
              action={({ ask }) =>
                ask && <ProviderAskAction ask={ask} onSent={onSent} />
              }
            />
          </Panel>
        </div>
      )}
      {grants.dialog}
    </div>
  );
}
