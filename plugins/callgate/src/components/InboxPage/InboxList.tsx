import { Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequestSummary,
  EntityLabel,
} from '@callgate/plugin-callgate-common';
import { useMemo, useRef, useState } from 'react';
import { useEntityPath } from '../../routing';
import { useText } from '../../translation';
import { accentText, nameOf, Panel } from '../marks';
import { groupRequests, RequestFold } from './groupRequests';
import { InboxRow } from './InboxRow';
import type { Picking } from './usePicking';
import { useRowKeys } from './useRowKeys';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), minWidth: 0 },
  link: { color: accentText(theme) },
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& > li + li': { borderTop: `1px solid ${theme.palette.divider}` },
  },
}));

/** Requests grouped by API; j and k move from row to row, Enter opens. */
export function InboxList(props: {
  requests: readonly AccessRequestSummary[];
  showState?: boolean;
  /** Which rows are picked, where some can be. */
  picking?: Picking;
}) {
  const { requests, showState, picking } = props;
  const classes = useStyles();
  const t = useText();
  const list = useRef<HTMLDivElement>(null);
  useRowKeys(list);
  const groups = useMemo(() => groupRequests(requests), [requests]);
  return (
    <div ref={list} className={classes.root}>
      {groups.map(({ api, count, folds }, index) => (
        <Panel
          key={api.ref || index}
          title={nameOf(t, api)}
          count={count}
          actions={<ApiLink api={api} />}
        >
          <ul className={classes.list} aria-label={nameOf(t, api)}>
            {folds.map(fold => (
              <FoldedRows
                key={fold.request.id}
                fold={fold}
                showState={showState}
                picking={picking}
              />
            ))}
          </ul>
        </Panel>
      ))}
    </div>
  );
}

function FoldedRows(props: {
  fold: RequestFold;
  showState?: boolean;
  picking?: Picking;
}) {
  const { fold, showState, picking } = props;
  const t = useText();
  const [open, setOpen] = useState(false);
  const { request, same } = fold;
  return (
    <>
      <li>
        <InboxRow request={request} showState={showState} picking={picking} />
        {same.length > 0 && (
          <Button
            size="small"
            color="primary"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {t('inbox.same', { count: same.length })}
          </Button>
        )}
      </li>
      {open &&
        same.map(each => (
          <li key={each.id}>
            <InboxRow request={each} showState={showState} picking={picking} />
          </li>
        ))}
    </>
  );
}

function ApiLink({ api }: { api: EntityLabel }) {
  const classes = useStyles();
  const t = useText();
  const path = useEntityPath()(api.ref, 'access');
  if (!path || api.state !== 'visible') {
    return null;
  }
  return (
    <Typography variant="body2">
      <Link
        to={path}
        className={classes.link}
        aria-label={t('inbox.whoCanCall', { api: nameOf(t, api) })}
      >
        {t('inbox.whoCan')}
      </Link>
    </Typography>
  );
}
