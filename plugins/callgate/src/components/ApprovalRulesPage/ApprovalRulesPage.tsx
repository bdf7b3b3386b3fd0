import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ApprovalRules } from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { type Text, useText } from '../../translation';
import { EmptyList, FindingList, nameOf, Panel, toneColors } from '../marks';
import { LoadedPage, SubPage } from '../SubPage';
import { RuleItem } from './RuleItem';

const HOURS_OF_DAY = 24;

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(3),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  notice: {
    display: 'grid',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    border: '1px solid',
    borderColor: toneColors(theme, 'warn').border,
    backgroundColor: toneColors(theme, 'warn').background,
    color: toneColors(theme, 'warn').color,
    overflowWrap: 'anywhere',
  },
  noticeTitle: { fontSize: theme.typography.pxToRem(14), fontWeight: 600 },
}));

/** The rules of who approves, for everybody: by which somebody is asked, and by which version of them. */
export function ApprovalRulesPage() {
  const callgate = useApi(callgateApiRef);
  const t = useText();
  return (
    <LoadedPage
      name="approval-rules"
      load={signal => callgate.getApprovalRules({ signal })}
      failed={t('rules.failed')}
    >
      {rules => <ApprovalRulesView rules={rules} />}
    </LoadedPage>
  );
}

function ApprovalRulesView({ rules: all }: { rules: ApprovalRules }) {
  const { rules, evaluators, source } = all;
  const classes = useStyles();
  const t = useText();
  return (
    <SubPage
      under="requests"
      crumb={t('rules.link')}
      title={t('rules.title')}
      help={t('rules.help')}
      source={source}
    >
      <Unread rules={all} />
      {rules.length === 0 && evaluators.length === 0 && !all.stops && (
        <EmptyList title={t('rules.empty')} help={t('rules.emptyHelp')} />
      )}
      {rules.length > 0 && (
        <Panel title={t('rules.link')} count={rules.length}>
          <ul className={classes.list}>
            {rules.map(rule => (
              <li key={`${rule.source} ${rule.name}`}>
                <RuleItem rule={rule} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {evaluators.length > 0 && (
        <Panel title={t('rules.code')} count={evaluators.length}>
          {evaluators.map(({ name, description }) => (
            <Typography key={name} variant="body2">
              <strong>{name}</strong>: {description}
            </Typography>
          ))}
        </Panel>
      )}
      <Reminders escalate={all.escalate} />
    </SubPage>
  );
}

/** Why the newest version is not what is shown, where it is not. */
function Unread({ rules }: { rules: ApprovalRules }) {
  const { standIn, stops, findings } = rules;
  const classes = useStyles();
  const t = useText();
  if (!standIn && !stops) return null;
  return (
    <section className={classes.notice} role="alert">
      <Typography variant="h3" className={classes.noticeTitle}>
        {t(stops ? 'rules.stopsTitle' : 'rules.standInTitle')}
      </Typography>
      <Typography variant="body2">
        {standIn && !stops
          ? t('rules.standIn', { commit: standIn.commit.slice(0, 7) })
          : t('rules.stops')}
      </Typography>
      <FindingList findings={findings} />
    </section>
  );
}

function Reminders({ escalate }: Pick<ApprovalRules, 'escalate'>) {
  const t = useText();
  if (!escalate) return null;
  const { remindHours, afterHours, to } = escalate;
  return (
    <Panel title={t('rules.reminders')}>
      {remindHours !== undefined && (
        <Typography variant="body2">
          {t('rules.remind', { after: timeText(t, remindHours) })}
        </Typography>
      )}
      {afterHours !== undefined && to && (
        <Typography variant="body2">
          {t('rules.escalate', {
            group: nameOf(t, to),
            after: timeText(t, afterHours),
          })}
        </Typography>
      )}
    </Panel>
  );
}

function timeText(t: Text, hours: number): string {
  return hours % HOURS_OF_DAY === 0
    ? t('rules.days', { count: hours / HOURS_OF_DAY })
    : t('rules.hours', { count: hours });
}
