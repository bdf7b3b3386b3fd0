import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { useLoaded } from '../../hooks';
import { useSearchParams } from '../../routing';
import { Text, useText } from '../../translation';
import {
  type BadCall,
  callFromSearch,
  callToSearch,
  ExplainCall,
} from '../Explain';
import { EntityName, Panel, quietText, toneColors } from '../marks';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), maxWidth: 1000 },
  title: {
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.35,
  },
  quiet: { color: quietText(theme) },
  bad: {
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    color: toneColors(theme, 'bad').color,
    backgroundColor: toneColors(theme, 'bad').background,
    overflowWrap: 'anywhere',
  },
  list: { margin: 0, paddingLeft: theme.spacing(2.5) },
}));

/** One call, which stands in the URL, and its answer: a link to it shows the same to everybody who may see both ends. */
export function ExplainPage() {
  const [search, setSearch] = useSearchParams();
  const { from, to, call, bad } = callFromSearch(search);
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const t = useText();
  const isGood = bad.length === 0;
  const ends = useEnds(isGood ? from : '', isGood ? to : '');
  const offered = useLoaded(isGood ? to : '', async signal =>
    isGood ? callgate.getApiOperations(to, { signal }) : undefined,
  );
  return (
    <div className={classes.root}>
      <div>
        <Typography variant="h2" className={classes.title}>
          {isGood
            ? t('call.ends', {
                caller: <EntityName entity={ends.from} tab="calls" />,
                api: <EntityName entity={ends.to} tab="access" />,
              })
            : t('call.title')}
        </Typography>
        <Typography variant="body2" className={classes.quiet}>
          {t('call.help')}
        </Typography>
      </div>
      {isGood ? (
        <Panel>
          <ExplainCall
            // Back and forward show the call that stands in the URL then.
            key={search.toString()}
            api={to}
            caller={from}
            start={call}
            offered={offered.value?.operations}
            clusters={offered.value?.clusters}
            atOnce
            onAsk={next => setSearch(callToSearch(from, to, next))}
          />
        </Panel>
      ) : (
        <div role="alert" className={classes.bad}>
          <Typography variant="body2">
            <strong>{t('call.bad')}</strong>
          </Typography>
          <ul className={classes.list}>
            {bad.map(each => (
              <Typography component="li" variant="body2" key={each.code}>
                {textOf(t, each)}
              </Typography>
            ))}
          </ul>
          <Typography variant="body2">{t('call.how')}</Typography>
        </div>
      )}
    </div>
  );
}

function textOf(t: Text, { code, value }: BadCall): string {
  return code === 'methodOfTcp'
    ? t('call.methodOfTcp', { protocol: value })
    : t(`call.${code}`, { value });
}

/** The titles of both ends, which the catalog knows; until then, and where it does not show them, their names. */
function useEnds(from: string, to: string) {
  const catalog = useApi(catalogApiRef);
  const { value } = useLoaded(`${from} ${to}`, async () =>
    from && to
      ? catalog.getEntitiesByRefs({
          entityRefs: [from, to],
          fields: ['kind', 'metadata.title'],
        })
      : { items: [] },
  );
  const labelOf = (ref: string, index: number): EntityLabel => {
    const [kind, rest = ''] = ref.split(':');
    const [namespace, name = ''] = rest.split('/');
    const title = value?.items[index]?.metadata.title;
    return {
      ref,
      kind: kind.toLowerCase(),
      namespace,
      name,
      ...(title && { title }),
      state: 'visible',
    };
  };
  return { from: labelOf(from, 0), to: labelOf(to, 1) };
}
