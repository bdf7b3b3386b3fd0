import { makeStyles } from '@material-ui/core/styles';
import type { Finding } from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { FindingCard } from './FindingCard';

const ORDER = { error: 0, warning: 1, info: 2 };

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
}));

/** Findings, the worst first, each once. */
export function FindingList(props: {
  findings: readonly Finding[];
  /** What can be done about one. */
  action?: (finding: Finding) => ReactNode;
}) {
  const { findings, action } = props;
  const classes = useStyles();
  const unique = new Map(
    findings.map(each => [`${each.code} ${each.title} ${each.message}`, each]),
  );
  if (unique.size === 0) {
    return null;
  }
  return (
    <ul className={classes.root}>
      {[...unique]
        .sort(([, a], [, b]) => ORDER[a.severity] - ORDER[b.severity])
        .map(([key, finding]) => (
          <li key={key}>
            <FindingCard finding={finding}>{action?.(finding)}</FindingCard>
          </li>
        ))}
    </ul>
  );
}
