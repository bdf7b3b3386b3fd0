import { makeStyles } from '@material-ui/core/styles';
import { Tone, toneText } from './tones';
import { useHiddenText } from './useHiddenText';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-block',
    minWidth: theme.spacing(2),
    fontWeight: 700,
    color: ({ tone }: { tone: Tone }) => toneText(theme, tone),
  },
}));

/** +, −, = or ! at the head of a line, with its word for those who do not see it. */
export function Sign(props: { sign: '+' | '−' | '!' | '='; word: string }) {
  const { sign, word } = props;
  const tone = { '+': 'good', '−': 'bad', '!': 'warn', '=': 'quiet' } as const;
  const classes = useStyles({ tone: tone[sign] });
  const hidden = useHiddenText();
  return (
    <span className={classes.root}>
      <span aria-hidden>{sign}</span>
      <span className={hidden}>{word}</span>
    </span>
  );
}
