import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import type { Operation, RequestsLike } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { MethodChip } from './MethodChip';
import { operationKey, operationParts } from './operationText';
import { requestsLikeKey, requestsLikeText } from './requestsLikeText';
import { accentText } from './tones';

const LONG = 4;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
    minWidth: 0,
    '& > li': { minWidth: 0 },
  },
  other: { overflowWrap: 'anywhere' },
  fold: {
    font: 'inherit',
    fontVariantNumeric: 'tabular-nums',
    color: accentText(theme),
    borderRadius: theme.shape.borderRadius,
    textAlign: 'left',
    '&:focus-visible': { outline: '2px solid currentColor' },
  },
}));

/** Operations of a grant. More than four fold to `GET ×4, POST ×1` until somebody wants to see them. */
export function OperationList(props: {
  operations: readonly Operation[];
  /** `TCP 8080` when everything on it is open. */
  everythingOn?: string;
  /** Whatever else, which is no operation of the API. */
  others?: readonly RequestsLike[];
}) {
  const { operations, everythingOn, others = [] } = props;
  const classes = useStyles();
  const t = useText();
  const [open, setOpen] = useState(false);
  const long = operations.length > LONG;
  return (
    <ul className={classes.root}>
      {everythingOn && (
        <li>{t('marks.everythingOn', { port: everythingOn })}</li>
      )}
      {others.map(each => (
        <li key={requestsLikeKey(each)} className={classes.other}>
          {requestsLikeText(t, each)}
        </li>
      ))}
      {(!long || open) &&
        operations.map(operation => (
          <li key={operationKey(operation)}>
            <MethodChip operation={operation} />
          </li>
        ))}
      {long && (
        <li>
          <ButtonBase
            className={classes.fold}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? t('marks.foldOperations') : folded(operations)}
          </ButtonBase>
        </li>
      )}
    </ul>
  );
}

/** So that the same operations read the same, in whatever order they are granted. */
const VERBS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

function rankOf(verb: string): number {
  const rank = VERBS.indexOf(verb);
  return rank === -1 ? VERBS.length : rank;
}

function folded(operations: readonly Operation[]): string {
  const counts = new Map<string, number>();
  for (const operation of operations) {
    const verb = operationParts(operation).verb || (operation.id ?? '');
    counts.set(verb, (counts.get(verb) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => rankOf(a) - rankOf(b))
    .map(([verb, count]) => `${verb} ×${count}`)
    .join(', ');
}
