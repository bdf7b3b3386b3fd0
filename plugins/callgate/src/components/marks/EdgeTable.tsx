import { makeStyles } from '@material-ui/core/styles';
import type { AccessRow, GrantInfo } from '@callgate/plugin-callgate-common';
import { type ReactNode, useRef } from 'react';
import { useText } from '../../translation';
import { EdgeRow } from './EdgeRow';
import { MoreRows, useFirstRows } from './MoreRows';
import { quietText } from './tones';
import { useHiddenText } from './useHiddenText';
import { useTableStyles } from './useTableStyles';

const useStyles = makeStyles(theme => ({
  table: {
    // Paths are long and names are not; what and why share their columns as each part of a row does.
    tableLayout: 'fixed',
    '& th:nth-child(1)': { width: '17%' },
    '& th:nth-child(2)': { width: '30%' },
    '& th:nth-child(3)': { width: '23%' },
    '& th:nth-child(4)': { width: '17%' },
    '& th:nth-child(5)': { width: '13%' },
    '& td:last-child': {
      textAlign: 'right',
      whiteSpace: 'nowrap',
    },
    // A row becomes a card where columns have no room.
    [theme.breakpoints.down('sm')]: {
      '& thead': { display: 'none' },
      '& tr': {
        display: 'grid',
        gap: theme.spacing(1),
        padding: theme.spacing(2, 0),
        borderTop: `1px solid ${theme.palette.divider}`,
      },
      '& td:nth-child(n), & td:last-child': {
        width: 'auto',
        padding: 0,
        border: 0,
        textAlign: 'left',
        display: 'grid',
        gridTemplateColumns: '88px minmax(0, 1fr)',
        columnGap: theme.spacing(1),
        '&:empty': { display: 'none' },
      },
      '& td:not([data-label])': { display: 'block' },
      '& td:first-child': { display: 'block' },
      '& td:not(:first-child)[data-label]::before': {
        content: 'attr(data-label)',
        gridRow: '1 / span 4',
        color: quietText(theme),
        fontSize: theme.typography.pxToRem(12),
      },
      '& td > *': { gridColumn: 2, minWidth: 0 },
    },
  },
}));

/** Rows of access; the first ones of a long list, and the way to more. */
export function EdgeTable(props: {
  edges: readonly AccessRow[];
  /** The end of the edges that differs. */
  end: 'caller' | 'api';
  label: string;
  actions: (edge: AccessRow) => ReactNode;
  /** What can be done about one grant of a row. */
  grantActions?: (grant: GrantInfo, edge: AccessRow) => ReactNode;
}) {
  const { edges, end, label, actions, grantActions } = props;
  const classes = useStyles();
  const table = useTableStyles();
  const hidden = useHiddenText();
  const t = useText();
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = useFirstRows(edges, body);
  return (
    <>
      <table className={`${table.table} ${classes.table}`} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t(`edges.${end}`)}</th>
            <th scope="col">{t('edges.may')}</th>
            <th scope="col">{t('edges.because')}</th>
            <th scope="col">{t('edges.enforced')}</th>
            <th scope="col">
              <span className={hidden}>{t('edges.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.shown.map((edge, index) => (
            <EdgeRow
              key={`${edge[end].ref} ${index}`}
              edge={edge}
              end={end}
              actions={actions(edge)}
              grantActions={grantActions}
            />
          ))}
        </tbody>
      </table>
      <MoreRows rows={rows} />
    </>
  );
}
