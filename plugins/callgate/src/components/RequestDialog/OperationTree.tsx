import { makeStyles } from '@material-ui/core/styles';
import type { Operation } from '@callgate/plugin-callgate-common';
import { useVirtualizer } from '@tanstack/react-virtual';
import { KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../../translation';
import { operationKey } from '../marks';
import { includes, OperationGroup, toggle, toggleAll } from './operationGroups';
import { GroupRow, OperationRow } from './OperationRows';

const ROW = 38;
const HEIGHT = 320;
/** Below this the browser draws all rows: its own search finds them. */
const MANY = 80;
/** Groups of a longer list are closed until somebody opens them. */
const FEW = 40;

const useStyles = makeStyles(theme => ({
  root: {
    maxHeight: HEIGHT,
    overflowY: 'auto',
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
  },
  inner: { position: 'relative' },
  virtual: { position: 'absolute', left: 0, right: 0, top: 0 },
}));

type Row =
  | { kind: 'group'; group: OperationGroup; open: boolean }
  | { kind: 'operation'; operation: Operation };

/** The operations as one list that the arrow keys walk; only the rows in sight are drawn when there are many. */
export function OperationTree(props: {
  groups: OperationGroup[];
  picked: Operation[];
  /** While somebody searches, every group is open. */
  searching: boolean;
  onChange: (operations: Operation[]) => void;
}) {
  const { groups, picked, searching, onChange } = props;
  const classes = useStyles();
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const total = groups.reduce(
    (sum, { operations }) => sum + operations.length,
    0,
  );
  const [toggled, setToggled] = useState<{ [group: string]: boolean }>({});
  const rows = useMemo<Row[]>(
    () =>
      groups.flatMap((group, index) => {
        const open =
          searching || (toggled[group.name] ?? (total <= FEW || index === 0));
        return [
          { kind: 'group' as const, group, open },
          ...(open
            ? group.operations.map(operation => ({
                kind: 'operation' as const,
                operation,
              }))
            : []),
        ];
      }),
    [groups, searching, toggled, total],
  );
  const many = rows.length > MANY;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    enabled: many,
  });
  const drawn = many
    ? virtualizer
        .getVirtualItems()
        .map(({ index, start }) => ({ index, start }))
    : rows.map((_, index) => ({ index, start: undefined }));

  const [active, setActive] = useState(1);
  const wanted = useRef(false);
  useEffect(() => {
    if (wanted.current) {
      const target = scroller.current?.querySelector<HTMLElement>(
        `[data-index="${active}"] input, [data-index="${active}"] button`,
      );
      // A row may go and come again while the list scrolls to it, and takes the focus along.
      if (target && document.activeElement !== target) {
        target.focus();
      }
    }
  });
  const rest = () => {
    wanted.current = false;
  };
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Tab') rest();
    const row = (event.target as HTMLElement).closest('[data-index]');
    const from = Number(row?.getAttribute('data-index') ?? 0);
    const to = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (to === undefined || to < 0 || to >= rows.length) {
      return;
    }
    event.preventDefault();
    wanted.current = true;
    setActive(to);
    if (many) {
      virtualizer.scrollToIndex(to);
    }
  };

  const inSight = drawn.filter(
    ({ index }) => rows[index]?.kind === 'operation',
  );
  const tabStop = inSight.some(({ index }) => index === active)
    ? active
    : inSight[0]?.index;
  return (
    <div
      ref={scroller}
      className={classes.root}
      role="group"
      aria-label={t('dialog.operations')}
      onKeyDown={walk}
      onPointerDown={rest}
      onBlur={({ relatedTarget, currentTarget }) => {
        if (relatedTarget && !currentTarget.contains(relatedTarget)) rest();
      }}
    >
      <div
        className={classes.inner}
        style={many ? { height: virtualizer.getTotalSize() } : undefined}
      >
        {drawn.map(({ index, start }) => {
          const row = rows[index];
          if (!row) {
            return null;
          }
          return (
            <div
              key={
                row.kind === 'group'
                  ? `group ${row.group.name}`
                  : operationKey(row.operation)
              }
              data-index={index}
              ref={many ? virtualizer.measureElement : undefined}
              className={many ? classes.virtual : undefined}
              style={
                start === undefined
                  ? undefined
                  : { transform: `translateY(${start}px)` }
              }
            >
              {row.kind === 'group' ? (
                <GroupRow
                  group={row.group}
                  open={row.open}
                  onToggle={() =>
                    setToggled({ ...toggled, [row.group.name]: !row.open })
                  }
                  onAll={all => onChange(toggleAll(picked, all))}
                />
              ) : (
                <OperationRow
                  operation={row.operation}
                  checked={includes(picked, row.operation)}
                  tabStop={index === tabStop}
                  onToggle={() => onChange(toggle(picked, row.operation))}
                  onFocus={() => setActive(index)}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
