import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useText } from '../../translation';
import { quietText } from './tones';

/** So many rows are drawn at first, and so many more each time somebody asks. */
const PAGE = 50;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    paddingTop: theme.spacing(1.5),
  },
  count: { color: quietText(theme), fontVariantNumeric: 'tabular-nums' },
}));

/** The beginning of a long list that grows on demand. */
export interface FirstRows<T> {
  /** What is drawn. */
  shown: readonly T[];
  /** Of all rows. */
  total: number;
  /** How many {@link FirstRows.more} adds. */
  next: number;
  /** Draws more rows, and moves the focus to the first of them. */
  more: () => void;
}

/**
 * Draws the first rows of a list that is there as a whole: hundreds of rows with links and buttons would keep a page from
 * being painted.
 *
 * @param list - where the rows are; its direct children can take the focus where they have a `tabIndex`
 */
export function useFirstRows<T>(
  rows: readonly T[],
  list: RefObject<HTMLElement>,
): FirstRows<T> {
  const [count, setCount] = useState(PAGE);
  const first = useRef<number>();
  useEffect(() => {
    if (first.current !== undefined) {
      const row = list.current?.children[first.current] as HTMLElement;
      first.current = undefined;
      row?.focus();
    }
  }, [count, list]);
  const shown = rows.length > count ? rows.slice(0, count) : rows;
  return {
    shown,
    total: rows.length,
    next: Math.min(PAGE, rows.length - shown.length),
    more: () => {
      first.current = shown.length;
      setCount(shown.length + PAGE);
    },
  };
}

/** How much of a long list is drawn, and the way to more of it; nothing where it is short. */
export function MoreRows(props: {
  rows: Omit<FirstRows<unknown>, 'shown'> & { shown: readonly unknown[] };
}) {
  const { shown, total, next, more } = props.rows;
  const classes = useStyles();
  const t = useText();
  if (total <= PAGE) {
    return null;
  }
  return (
    <div className={classes.root}>
      {next > 0 && (
        <Button variant="outlined" size="small" onClick={more}>
          {t('rows.more', { number: String(next) })}
        </Button>
      )}
      <Typography variant="caption" role="status" className={classes.count}>
        {t('rows.shown', {
          shown: String(shown.length),
          total: String(total),
        })}
      </Typography>
    </div>
  );
}
