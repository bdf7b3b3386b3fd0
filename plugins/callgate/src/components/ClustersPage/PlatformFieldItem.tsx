import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { PlatformField } from '@callgate/plugin-callgate-common';
import { Fragment } from 'react';
import { useText } from '../../translation';
import { Badge, MONO, quietText } from '../marks';
import { CopyLine } from './CopyLine';
import { GatewayList } from './GatewayList';
import { placeText } from './placeText';
import { useItemStyles } from './useItemStyles';

const TONES = {
  stated: 'quiet',
  found: 'good',
  guessed: 'quiet',
  contradicts: 'bad',
} as const;

const useStyles = makeStyles(theme => ({
  name: {
    fontFamily: MONO,
    fontSize: theme.typography.pxToRem(13),
    fontWeight: 600,
  },
  quiet: { color: quietText(theme) },
}));

/** One field of a platform profile: what is used, who says so, and what to do where nobody does. */
export function PlatformFieldItem({ field: entry }: { field: PlatformField }) {
  const { field, state, value, stated, found, suggestedBy, uses, lines } =
    entry;
  const { foundLeftOut } = entry;
  const item = useItemStyles();
  const classes = useStyles();
  const t = useText();
  // Of these it matters from where calls come to them.
  const hasGateways = found.some(({ takesFrom }) => takesFrom !== undefined);
  const isOpen = state === 'contradicts' || entry.conditional;
  return (
    <li className={item.root}>
      <div className={item.head}>
        <Typography variant="h4" className={classes.name}>
          {field}
        </Typography>
        <Badge tone={isOpen && state === 'guessed' ? 'warn' : TONES[state]}>
          {t(`clusters.state.${state}`)}
        </Badge>
      </div>
      {entry.withheld ? (
        <Typography variant="body2" className={classes.quiet}>
          {t('clusters.withheld')}
        </Typography>
      ) : (
        <>
          <Typography variant="body2">
            {value === undefined
              ? t('clusters.noValue')
              : t('clusters.value', { value })}
          </Typography>
          <Places
            {...{ stated, suggestedBy }}
            found={hasGateways ? [] : found}
            differs={state === 'contradicts'}
          />
          {hasGateways && <GatewayList gateways={found} />}
          {foundLeftOut !== undefined && (
            <Typography variant="caption" className={classes.quiet}>
              {t('clusters.leftOut', { count: foundLeftOut })}
            </Typography>
          )}
        </>
      )}
      {uses && (
        <Typography variant="body2">{t(`clusters.uses.${uses}`)}</Typography>
      )}
      {entry.conditional && (
        <Typography variant="body2">{t('clusters.conditional')}</Typography>
      )}
      {lines.map(line => (
        <Fragment key={line.text}>
          <Typography variant="caption" className={classes.quiet}>
            {t(`clusters.line.${line.from}`, {
              below: line.below,
              objects: line.suggestedBy?.join(', ') ?? '',
            })}
          </Typography>
          <CopyLine field={field} text={line.text} />
        </Fragment>
      ))}
    </li>
  );
}

function Places(
  props: Pick<PlatformField, 'stated' | 'found' | 'suggestedBy'> & {
    differs: boolean;
  },
) {
  const { stated, found, suggestedBy, differs } = props;
  const classes = useStyles();
  const t = useText();
  const lines = [
    ...(stated
      ? [
          differs
            ? t('clusters.statesAt', {
                value: stated.value,
                place: placeText(stated),
              })
            : t('clusters.statedAt', { place: placeText(stated) }),
        ]
      : []),
    ...found.map(place =>
      t('clusters.says', {
        object: place.object ?? '',
        value: place.value,
        place: placeText(place),
      }),
    ),
    ...suggestedBy.map(place =>
      t('clusters.suggests', {
        object: place.object ?? '',
        place: placeText(place),
      }),
    ),
  ];
  return (
    <>
      {lines.map(line => (
        <Typography key={line} variant="caption" className={classes.quiet}>
          {line}
        </Typography>
      ))}
    </>
  );
}
