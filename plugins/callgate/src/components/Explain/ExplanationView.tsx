import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckIcon from '@material-ui/icons/CheckCircle';
import HelpIcon from '@material-ui/icons/Help';
import type {
  Explanation,
  ExplanationHop,
} from '@callgate/plugin-callgate-common';
import { Text, useText } from '../../translation';
import {
  Badge,
  FindingList,
  MONO,
  quietGround,
  quietText,
  toneColors,
} from '../marks';
import { HopObjects } from './HopObjects';
import { hopPlace } from './hopPlace';

const TONES = {
  allow: 'good',
  deny: 'bad',
  conditional: 'warn',
  unknown: 'quiet',
} as const;
const ICONS = { allow: CheckIcon, deny: CancelIcon, conditional: HelpIcon };

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1.5),
    '& + &': {
      marginTop: theme.spacing(2),
      paddingTop: theme.spacing(2),
      borderTop: `1px solid ${theme.palette.divider}`,
    },
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
  },
  quiet: { color: quietText(theme) },
  hops: { margin: 0, padding: 0, listStyle: 'none' },
  hop: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: theme.spacing(1.5),
    paddingBottom: theme.spacing(1.5),
    position: 'relative',
    '&:not(:last-child)::before': {
      content: '""',
      position: 'absolute',
      left: 9,
      top: 22,
      bottom: 0,
      borderLeft: `2px solid ${theme.palette.divider}`,
    },
  },
  icon: { fontSize: 20 },
  allow: { color: toneColors(theme, 'good').color },
  deny: { color: toneColors(theme, 'bad').color },
  conditional: { color: toneColors(theme, 'warn').color },
  // Weight and frame, not only the hue, tell the hop at which the call ends.
  refusal: {
    padding: theme.spacing(0.5, 1.5, 1),
    marginTop: theme.spacing(-0.5),
    border: `2px solid ${toneColors(theme, 'bad').color}`,
    borderRadius: theme.shape.borderRadius,
  },
  refuses: { fontWeight: 700 },
  layer: { color: quietText(theme), fontWeight: 400 },
  list: { margin: 0, paddingLeft: theme.spacing(2.5) },
  yaml: {
    margin: theme.spacing(0.5, 0),
    padding: theme.spacing(1),
    overflowX: 'auto',
    borderRadius: theme.shape.borderRadius,
    backgroundColor: quietGround(theme),
    fontFamily: MONO,
    fontSize: theme.typography.pxToRem(12),
  },
}));

/** One call in one cluster, as a short chain of hops; the one that refuses stands out. */
export function ExplanationView(props: {
  explanation: Explanation;
  onRequest?: () => void;
}) {
  const { explanation, onRequest } = props;
  const classes = useStyles();
  const t = useText();
  const { cluster, verdict, from, to, hops, conditions, changes, findings } =
    explanation;
  const refusal = hops.findIndex(hop => hop.verdict === 'deny');
  return (
    <section className={classes.root}>
      <div className={classes.head}>
        <Badge
          tone={TONES[verdict]}
          icon={verdict === 'unknown' ? 'unknown' : undefined}
        >
          {t(`explain.verdict.${verdict}`, {
            cluster: cluster || t('explain.anywhere'),
          })}
        </Badge>
        {from && to && (
          <Typography variant="caption" className={classes.quiet}>
            {from} → {to}
          </Typography>
        )}
      </div>
      {hops.length > 0 && (
        <ol className={classes.hops} aria-label={t('explain.hops')}>
          {hops.map((hop, index) => (
            <Hop
              key={`${hop.at} ${hop.layer} ${index}`}
              hop={hop}
              ended={refusal >= 0 && index > refusal}
              ends={explanation}
            />
          ))}
        </ol>
      )}
      {conditions.length > 0 && (
        <div>
          <Typography variant="subtitle2" component="h4">
            {t(
              verdict === 'unknown'
                ? 'explain.whyUnknown'
                : 'explain.conditions',
            )}
          </Typography>
          <ul className={classes.list}>
            {conditions.map(condition => (
              <Typography component="li" variant="body2" key={condition}>
                {condition}
              </Typography>
            ))}
          </ul>
        </div>
      )}
      {verdict === 'deny' && onRequest && (
        <div>
          <Button
            variant="contained"
            color="primary"
            size="small"
            onClick={onRequest}
          >
            {t('explain.requestThis')}
          </Button>
        </div>
      )}
      {changes.length > 0 && (
        <details>
          <Typography component="summary" variant="body2">
            {t('explain.changes')}
          </Typography>
          <ul className={classes.list}>
            {changes.map(({ text, yaml }) => (
              <Typography component="li" variant="body2" key={text}>
                {text}
                {yaml && (
                  <pre
                    className={classes.yaml}
                    tabIndex={0}
                    role="region"
                    aria-label={text}
                  >
                    {yaml}
                  </pre>
                )}
              </Typography>
            ))}
          </ul>
        </details>
      )}
      <FindingList findings={findings} />
    </section>
  );
}

function Hop(props: {
  hop: ExplanationHop;
  /** The call was refused before it came here. */
  ended: boolean;
  ends: Pick<Explanation, 'from' | 'to'>;
}) {
  const { hop, ended, ends } = props;
  const classes = useStyles();
  const t = useText();
  const { at, layer, verdict, text, by } = hop;
  const Icon = ICONS[verdict];
  return (
    <li className={classes.hop}>
      <Icon className={`${classes.icon} ${classes[verdict]}`} aria-hidden />
      <div
        className={verdict === 'deny' && !ended ? classes.refusal : undefined}
      >
        <Typography
          variant="body2"
          className={
            verdict === 'deny'
              ? `${classes.refuses} ${classes.deny}`
              : undefined
          }
        >
          <span title={at}>{hopPlace(t, at, ends)}</span>{' '}
          {t(ended ? `explain.unreached.${verdict}` : `explain.hop.${verdict}`)}
          <span className={classes.layer}> · {layerName(t, layer)}</span>
        </Typography>
        <Typography variant="body2" className={classes.quiet}>
          {text}
        </Typography>
        <HopObjects objects={by} />
      </div>
    </li>
  );
}

function layerName(t: Text, layer: string): string {
  switch (layer) {
    case 'kernel':
    case 'identity':
    case 'method':
      return t(`layers.name.${layer}`);
    default:
      return layer;
  }
}
