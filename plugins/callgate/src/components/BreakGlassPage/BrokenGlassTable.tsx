import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type { BrokenGlass } from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  accentText,
  Badge,
  EntityName,
  GlassMark,
  momentText,
  nameOf,
  OperationList,
  quietText,
  TimeAgo,
  useTableStyles,
} from '../marks';

const TONES = {
  open: 'warn',
  unknown: 'warn',
  waiting: 'info',
  kept: 'good',
  ended: 'quiet',
  never: 'quiet',
} as const;

const useStyles = makeStyles(theme => ({
  scroll: { overflowX: 'auto' },
  link: { color: accentText(theme), fontWeight: 600 },
  text: { overflowWrap: 'anywhere', whiteSpace: 'pre-line' },
  cards: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& > li': { padding: theme.spacing(2, 0) },
    '& > li + li': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  card: {
    display: 'grid',
    gap: theme.spacing(1),
    margin: 0,
    fontSize: theme.typography.body2.fontSize,
    '& dt': {
      fontSize: theme.typography.pxToRem(12),
      fontWeight: 600,
      color: quietText(theme),
    },
    '& dd': { margin: 0, overflowWrap: 'anywhere' },
  },
}));

const COLUMNS = ['state', 'what', 'who', 'until', 'afterwards'] as const;
type Column = (typeof COLUMNS)[number];

/** Rows of a table; cards where there is no room for columns. */
export function BrokenGlassTable(props: { items: readonly BrokenGlass[] }) {
  const { items } = props;
  const classes = useStyles();
  const table = useTableStyles();
  const t = useText();
  const narrow = useMediaQuery('(max-width: 959.95px)', { noSsr: true });
  if (narrow) {
    return (
      <ul className={classes.cards} aria-label={t('glass.mark')}>
        {items.map(item => (
          <li key={item.id}>
            <dl className={classes.card}>
              {COLUMNS.map(column => (
                <div key={column}>
                  <dt>{t(`glass.page.column.${column}`)}</dt>
                  <dd>
                    <Cell item={item} column={column} />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className={classes.scroll}>
      <table className={table.table} aria-label={t('glass.mark')}>
        <thead>
          <tr>
            {COLUMNS.map(column => (
              <th key={column} scope="col">
                {t(`glass.page.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map(item => (
            <tr key={item.id}>
              {COLUMNS.map(column => (
                <td key={column}>
                  <Cell item={item} column={column} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ item, column }: { item: BrokenGlass; column: Column }) {
  const classes = useStyles();
  const table = useTableStyles();
  const t = useText();
  const request = useOptionalRouteRef(requestRouteRef);
  const { id, number, api, caller, operations, by, reason, state } = item;
  const { askedAt, expiresAt, afterwards, decidedBy } = item;
  const name = t('glass.page.request', { number: `${number}` });
  const cells: Record<Column, () => ReactNode> = {
    state: () => (
      <>
        <Badge tone={TONES[state]}>{t(`glass.page.state.${state}`)}</Badge>
        <span className={table.caption}>
          {request ? (
            <Link to={request({ id })} className={classes.link}>
              {name}
            </Link>
          ) : (
            name
          )}
        </span>
      </>
    ),
    what: () => (
      <>
        <EntityName entity={caller} /> →{' '}
        <EntityName entity={api} tab="access" />
        <OperationList operations={operations} />
      </>
    ),
    who: () => (
      <>
        {nameOf(t, by)} <TimeAgo at={askedAt} />
        <span className={`${table.caption} ${classes.text}`} dir="auto">
          {reason ?? t('glass.page.noReason')}
        </span>
      </>
    ),
    until: () => momentText(t, expiresAt),
    afterwards: () => (
      <>
        <GlassMark breakGlass={{ afterwards, expiresAt }} />
        {decidedBy.length > 0 && (
          <span className={table.caption}>
            {decidedBy.map(each => nameOf(t, each)).join(', ')}
          </span>
        )}
      </>
    ),
  };
  return <>{cells[column]()}</>;
}
