import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { RequestPage } from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import type { RequestTab } from '../../api';
import type { Loaded } from '../../hooks';
import { inboxRouteRef } from '../../routes';
import { useAllApisPath, useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { accentText, Panel, quietText, Status } from '../marks';

const useStyles = makeStyles(theme => ({
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& > li + li': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  quiet: { color: quietText(theme) },
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** One of the lists of the start page: its first rows, how many there are, and the way to all of them. */
export function HomeList(props: {
  title: string;
  loaded: Loaded<RequestPage>;
  failed: string;
  /** How many there are, where it is not the total of what was loaded. */
  total?: number;
  /** The tab of the inbox that has them all. */
  tab?: RequestTab;
  isEmpty: (page: RequestPage) => boolean;
  nothing: string;
  help: string;
  /** Whether the way on is to the APIs. */
  toApis?: boolean;
  above?: ReactNode;
  children: (page: RequestPage) => ReactNode;
}) {
  const { title, loaded, failed, tab, isEmpty, nothing, help, toApis } = props;
  const { above, children } = props;
  const classes = useStyles();
  const t = useText();
  const inbox = useOptionalRouteRef(inboxRouteRef);
  const allApis = useAllApisPath();
  const total = props.total ?? loaded.value?.total;
  return (
    <Panel
      title={title}
      actions={
        tab &&
        inbox &&
        total !== undefined &&
        total > 0 && (
          <Typography variant="body2">
            <Link
              to={`${inbox()}?tab=${tab}`}
              className={classes.link}
              aria-label={t('home.seeAllOf', {
                total: String(total),
                list: title,
              })}
            >
              {t('home.seeAll', { total: String(total) })}
            </Link>
          </Typography>
        )
      }
    >
      {above}
      <Status loaded={loaded} failed={failed}>
        {page =>
          isEmpty(page) ? (
            <>
              <Typography variant="body2">{nothing}</Typography>
              <Typography variant="body2" className={classes.quiet}>
                {help}{' '}
                {toApis && allApis && (
                  <Link to={allApis} className={classes.link}>
                    {t('home.allApis')}
                  </Link>
                )}
              </Typography>
            </>
          ) : (
            <ul className={classes.list}>{children(page)}</ul>
          )
        }
      </Status>
    </Panel>
  );
}
