import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useLoaded } from '../../hooks';
import { useText } from '../../translation';
import { Choice, SearchField } from './FilterFields';
import { loadNames } from './loadNames';
import {
  type InboxFilter,
  type InboxQuery,
  isNarrowed,
  KINDS,
  SORTS,
  STATES,
} from './useInboxUrl';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns:
      'minmax(220px, 2fr) repeat(auto-fit, minmax(140px, 1fr))',
    gap: theme.spacing(1.5),
    alignItems: 'start',
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
      '& > :first-child': { gridColumn: '1 / -1' },
    },
  },
  wide: { gridColumn: '1 / -1' },
}));

/** Search, filters and order of a list; all of them stand in the URL. */
export function InboxFilters(props: {
  query: InboxQuery;
  onSet: (name: InboxFilter, value: string) => void;
  onClear: () => void;
}) {
  const { query, onSet, onClear } = props;
  const classes = useStyles();
  const t = useText();
  const catalog = useApi(catalogApiRef);
  const names = useLoaded('names', () => loadNames(catalog));
  const { systems = [], apis = [] } = names.value ?? {};
  const states = query.state ?? [];
  return (
    <div className={classes.root} role="search" aria-label={t('inbox.filters')}>
      <SearchField
        label={t('inbox.search')}
        placeholder={t('inbox.searchPlaceholder')}
        value={query.q ?? ''}
        onSearch={text => onSet('q', text)}
      />
      {query.tab !== 'waiting' && (
        <Choice
          label={t('inbox.filterState')}
          value={states.join(' ')}
          options={[
            ...STATES.map(state => [state]),
            // A link may name several.
            ...(states.length > 1 ? [states] : []),
          ].map(each => ({
            value: each.join(' '),
            text: each.map(state => t(`requestState.${state}`)).join(', '),
          }))}
          onChange={value => onSet('state', value)}
        />
      )}
      <Choice
        label={t('inbox.filterApi')}
        value={query.api ?? ''}
        options={apis}
        onChange={value => onSet('api', value)}
      />
      <Choice
        label={t('inbox.filterSystem')}
        value={query.system ?? ''}
        options={systems}
        onChange={value => onSet('system', value)}
      />
      <Choice
        label={t('inbox.filterKind')}
        value={query.kind?.[0] ?? ''}
        options={KINDS.map(kind => ({
          value: kind,
          text: t(`inbox.kinds.${kind}`),
        }))}
        onChange={value => onSet('kind', value)}
      />
      <Choice
        label={t('inbox.sort')}
        value={query.sort}
        needed
        options={SORTS.map(sort => ({
          value: sort,
          text: t(`inbox.sorts.${sort}`),
        }))}
        onChange={value => onSet('sort', value)}
      />
      {isNarrowed(query) && (
        <div className={classes.wide}>
          {query.caller && t('inbox.filterCaller', { ref: query.caller })}{' '}
          <Button size="small" color="primary" onClick={onClear}>
            {t('inbox.clearFilter')}
          </Button>
        </div>
      )}
      {names.error && (
        <Typography variant="caption" role="alert" className={classes.wide}>
          {t('inbox.systemsFailed')}
        </Typography>
      )}
    </div>
  );
}
