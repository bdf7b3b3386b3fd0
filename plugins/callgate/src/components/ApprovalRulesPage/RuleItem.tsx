import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ApprovalRuleInfo } from '@callgate/plugin-callgate-common';
import { type Text, useText } from '../../translation';
import { MONO, quietGround, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(0.5),
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  name: { fontSize: theme.typography.pxToRem(14), fontWeight: 600 },
  quiet: { color: quietText(theme) },
  when: {
    margin: 0,
    padding: theme.spacing(1),
    borderRadius: theme.shape.borderRadius,
    backgroundColor: quietGround(theme),
    fontFamily: MONO,
    fontSize: theme.typography.pxToRem(13),
    whiteSpace: 'pre-wrap',
  },
}));

/** One rule: when it holds, what it asks for, and where it stands. */
export function RuleItem({ rule }: { rule: ApprovalRuleInfo }) {
  const classes = useStyles();
  const t = useText();
  const { name, when, needs, automatic } = rule;
  const { maxDays, defaultDays, reviewEvery } = rule;
  return (
    <div className={classes.root}>
      <Typography variant="h4" className={classes.name}>
        {name}
      </Typography>
      {needs.length > 0 && (
        <Typography variant="body2">
          {t('rules.needs', { needs: needs.join(t('rules.and')) })}
        </Typography>
      )}
      {automatic && (
        <Typography variant="body2">{t('rules.automatic')}</Typography>
      )}
      {maxDays !== undefined && (
        <Typography variant="body2">
          {t('rules.maxDays', { count: maxDays })}
        </Typography>
      )}
      {defaultDays !== undefined && (
        <Typography variant="body2">
          {t('rules.defaultDays', { count: defaultDays })}
        </Typography>
      )}
      {reviewEvery !== undefined && (
        <Typography variant="body2">
          {t('rules.reviewEvery', { count: reviewEvery })}
        </Typography>
      )}
      {when === undefined ? (
        <Typography variant="body2" className={classes.quiet}>
          {t('rules.whenHidden')}
        </Typography>
      ) : (
        <>
          <Typography variant="caption" className={classes.quiet}>
            {t('rules.when')}
          </Typography>
          <pre className={classes.when}>{when}</pre>
        </>
      )}
      <Typography variant="caption" className={classes.quiet}>
        {placeText(t, rule)}
      </Typography>
    </div>
  );
}

function placeText(
  t: Text,
  { source, file, line, versionText: version }: ApprovalRuleInfo,
): string {
  if (source === 'configuration') return t('rules.configured', { version });
  return line === undefined
    ? t('rules.inFile', { file, version })
    : t('rules.inFileLine', { file, line: String(line), version });
}
