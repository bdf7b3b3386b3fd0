import Typography from '@material-ui/core/Typography';
import type {
  EntityLabel,
  KeptAccess,
  Meaning,
} from '@callgate/plugin-callgate-common';
import { type Text, useText } from '../../translation';
import { EntityName } from './EntityName';
import { nameOf } from './entityName';
import { OperationList } from './OperationList';
import { Sign } from './Sign';
import { useMeaningLineStyles } from './useMeaningLineStyles';

/** What callers keep of a grant that ends or is changed, where an API opens to everybody, and what becomes of one without grants. */
export function MeaningLosses(props: {
  api: EntityLabel;
  meaning: Pick<Meaning, 'kept' | 'opened' | 'left'>;
}) {
  const { api, meaning } = props;
  const { kept = [], opened = [], left } = meaning;
  const classes = useMeaningLineStyles();
  const t = useText();
  const clusters = [...new Set(opened.map(({ cluster }) => cluster))];
  if (kept.length === 0 && clusters.length === 0 && left === undefined) {
    return null;
  }
  const name = nameOf(t, api);
  return (
    <ul className={classes.root}>
      {kept.flatMap((each, index) =>
        each.access.map((edge, place) => (
          <Typography
            component="li"
            variant="body2"
            key={`${index} ${place}`}
            className={classes.row}
          >
            <Sign sign="=" word={t('meaning.kept')} />
            <div className={classes.sentence}>
              <span>
                {t('meaning.keeps', {
                  caller: <EntityName entity={edge.caller} />,
                })}
              </span>
              <OperationList
                operations={edge.operations}
                everythingOn={edge.everythingOn}
              />
              <span>{keptBy(t, each)}</span>
            </div>
          </Typography>
        )),
      )}
      {clusters.map(cluster => (
        <Typography
          component="li"
          variant="body2"
          key={cluster}
          className={classes.row}
        >
          <Sign sign="!" word={t('meaning.opens')} />
          <div>
            {t('meaning.becomesOpen', {
              api: name,
              cluster: <strong>{cluster}</strong>,
            })}
          </div>
        </Typography>
      ))}
      {left && (
        <Typography component="li" variant="body2" className={classes.row}>
          <Sign sign="!" word={t('meaning.noGrantLeft')} />
          <div>
            {t(left === 'open' ? 'meaning.leftOpen' : 'meaning.leftClosed', {
              api: name,
            })}
          </div>
        </Typography>
      )}
    </ul>
  );
}

/** What it is kept by: other grants by their API, and whatever else opens it. */
function keptBy(t: Text, { by, otherwise }: KeptAccess): string {
  const apis = [...new Set(by.map(({ api }) => nameOf(t, api)))].join(', ');
  return [
    by.length > 0 && t('meaning.keptByGrants', { count: by.length, apis }),
    otherwise && t('meaning.keptOtherwise'),
  ]
    .filter(Boolean)
    .join('; ');
}
