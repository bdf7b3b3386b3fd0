import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ProposalCheck } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Badge, Panel, quietText } from '../marks';
import { useListStyles } from './useListStyles';

const TONES = { passed: 'good', warning: 'warn', failed: 'bad' } as const;
const ORDER = { failed: 0, warning: 1, passed: 2 };

const useStyles = makeStyles(theme => ({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
  },
  quiet: { color: quietText(theme), overflowWrap: 'anywhere' },
}));

/** What was proved before the pull request opened, the failures first. */
export function ChecksPanel({ checks }: { checks: readonly ProposalCheck[] }) {
  const classes = useStyles();
  const list = useListStyles();
  const t = useText();
  return (
    <Panel title={t('proposal.checks')} count={checks.length || undefined}>
      {checks.length === 0 ? (
        <Typography variant="body2">{t('proposal.noChecks')}</Typography>
      ) : (
        <ul className={list.list}>
          {[...checks]
            .sort((a, b) => ORDER[a.outcome] - ORDER[b.outcome])
            .map(({ name, outcome, text }) => (
              <li key={`${name} ${text}`}>
                <Typography
                  variant="body2"
                  component="div"
                  className={classes.head}
                >
                  {name}{' '}
                  <Badge tone={TONES[outcome]}>
                    {t(`proposal.outcome.${outcome}`)}
                  </Badge>
                </Typography>
                <Typography
                  variant="caption"
                  component="p"
                  className={classes.quiet}
                >
                  {text}
                </Typography>
              </li>
            ))}
        </ul>
      )}
    </Panel>
  );
}
