import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Finding, Preview } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { FindingList } from '../marks';
import { FindingFix } from './FindingFix';
import type { RequestForm } from './useRequestForm';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1), overflowWrap: 'anywhere' },
}));

/** Errors for which nothing would be opened, the one that is told to whoever sends first; none where it can be sent. */
export function blockersOf({ send, findings, meaning }: Preview): Finding[] {
  return send.allowed
    ? []
    : [...findings, ...meaning.findings].filter(
        ({ severity }) => severity === 'error',
      );
}

/** A draft that cannot be granted: one sentence why, and the ways out. What it would change is nothing, and not told. */
export function Blocked(props: {
  blockers: readonly Finding[];
  form: RequestForm;
  /** Where the API runs. */
  clusters: readonly string[];
}) {
  const { blockers, form, clusters } = props;
  const [first, ...more] = blockers;
  const classes = useStyles();
  const t = useText();
  const fixOf = ({ code }: Finding) => (
    <FindingFix code={code} form={form} clusters={clusters} />
  );
  const others = more.filter(({ message }) => message !== first.message);
  return (
    <div className={classes.root}>
      <Typography variant="body2">
        <strong>{t('dialog.blocked')}</strong> {first.title}.
      </Typography>
      <Typography variant="body2">{first.message}</Typography>
      {first.fix && <Typography variant="body2">{first.fix}</Typography>}
      <div>{fixOf(first)}</div>
      <FindingList findings={others} action={fixOf} />
    </div>
  );
}
