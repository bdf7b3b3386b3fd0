import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Finding } from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { useText } from '../../translation';
import { FindingCard } from './FindingCard';
import { quietText } from './tones';

const ORDER = { error: 0, warning: 1, info: 2 };
const FEW = 2;

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  more: {
    marginTop: theme.spacing(1),
    '& > summary': {
      cursor: 'pointer',
      color: quietText(theme),
      marginBottom: theme.spacing(1),
    },
  },
}));

/** Findings, the worst first, then those that something can be done about here; each once. */
export function FindingList(props: {
  findings: readonly Finding[];
  /** What can be done about one. */
  action?: (finding: Finding) => ReactNode;
  /** Where there is little room: what is neither an error nor to be acted on here folds when there are many. */
  fold?: boolean;
}) {
  const { findings, action, fold } = props;
  const classes = useStyles();
  const t = useText();
  const unique = new Map(
    findings.map(each => [`${each.code} ${each.title} ${each.message}`, each]),
  );
  const rows = [...unique]
    .map(([key, finding]) => ({ key, finding, act: action?.(finding) }))
    .sort((a, b) => rank(a) - rank(b));
  const urgent = rows.filter(
    ({ finding, act }) => finding.severity === 'error' || act,
  );
  const folded = fold && rows.length > FEW ? rows.slice(urgent.length) : [];
  const shown = rows.slice(0, rows.length - folded.length);
  if (rows.length === 0) {
    return null;
  }
  return (
    <div>
      <Rows rows={shown} />
      {folded.length > 0 && (
        <details className={classes.more}>
          <Typography component="summary" variant="body2">
            {t('findings.more', { count: folded.length })}
          </Typography>
          <Rows rows={folded} />
        </details>
      )}
    </div>
  );
}

interface Row {
  key: string;
  finding: Finding;
  act: ReactNode;
}

function Rows({ rows }: { rows: readonly Row[] }) {
  const classes = useStyles();
  return (
    <ul className={classes.list}>
      {rows.map(({ key, finding, act }) => (
        <li key={key}>
          <FindingCard finding={finding}>{act}</FindingCard>
        </li>
      ))}
    </ul>
  );
}

function rank({ finding, act }: Row): number {
  return finding.severity === 'error' || !act ? ORDER[finding.severity] * 2 : 1;
}
