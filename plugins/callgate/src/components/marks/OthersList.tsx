import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { PolicyOfOthers } from '@callgate/plugin-callgate-common';
import { type Text, useText } from '../../translation';
import { Sign } from './Sign';
import { quietText } from './tones';

/** So many are named; the others fold. */
const FEW = 3;
const FEW_ENDS = 3;

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    listStyle: 'none',
    overflowWrap: 'anywhere',
  },
  row: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: theme.spacing(1),
  },
  more: {
    marginTop: theme.spacing(1),
    '& > summary': {
      cursor: 'pointer',
      color: quietText(theme),
      marginBottom: theme.spacing(1),
    },
  },
}));

/** Policies of others that nobody judges: each once, with what it may do and where; many fold. */
export function OthersList(props: { others: readonly PolicyOfOthers[] }) {
  const { others } = props;
  const classes = useStyles();
  const t = useText();
  if (others.length === 0) {
    return null;
  }
  const folded = others.slice(FEW);
  return (
    <div>
      <Rows others={others.slice(0, FEW)} />
      {folded.length > 0 && (
        <details className={classes.more}>
          <Typography component="summary" variant="body2">
            {t('others.more', { count: folded.length })}
          </Typography>
          <Rows others={folded} />
        </details>
      )}
    </div>
  );
}

function Rows(props: { others: readonly PolicyOfOthers[] }) {
  const classes = useStyles();
  const t = useText();
  return (
    <ul className={classes.list} aria-label={t('others.title')}>
      {props.others.map((other, index) => (
        <Typography
          component="li"
          variant="body2"
          key={index}
          className={classes.row}
        >
          <Sign sign="!" word={t('others.sign')} />
          <span>
            {t(other.may === 'refuse' ? 'others.mayRefuse' : 'others.mayOpen', {
              policy: nameOf(t, other),
              cluster: other.cluster,
            })}
            {other.ends.length > 0 && ` ${touches(t, other)}`}
          </span>
        </Typography>
      ))}
    </ul>
  );
}

/** Kinds of several groups have one name, so that the group stands beside it. */
function nameOf(
  t: Text,
  { kind, group, namespace, name }: PolicyOfOthers,
): string {
  if (kind === undefined || name === undefined) {
    return t('others.hidden');
  }
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  return `${kind} ${path}${group ? ` (${group})` : ''}`;
}

function touches(t: Text, { ends, touches: titles }: PolicyOfOthers): string {
  const names = titles ?? ends;
  const list = names.slice(0, FEW_ENDS).join(', ');
  const count = names.length - FEW_ENDS;
  return count > 0
    ? t('others.touchesMore', { list, count })
    : t('others.touches', { list });
}
