import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ApiPort,
  Finding,
  Preview,
} from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { FindingList } from '../marks';
import type { AskedFields } from './useRequestForm';
import { WaysOut } from './WaysOut';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1.5), overflowWrap: 'anywhere' },
}));

/** Errors for which nothing would be opened, the one that is told to whoever sends first; none where it can be sent. */
export function blockersOf({ send, findings, meaning }: Preview): Finding[] {
  const errors = send.allowed
    ? []
    : [...findings, ...meaning.findings].filter(
        ({ severity }) => severity === 'error',
      );
  // What is left open is asked for before anything else is said about it.
  return [
    ...errors.filter(isOpenQuestion),
    ...errors.filter(error => !isOpenQuestion(error)),
  ];
}

/** Whether nothing is wrong yet, and somebody has to say where it holds. */
export function isOpenQuestion({ code }: Finding): boolean {
  return code === 'scope-required';
}

/** A draft that cannot be granted: one sentence why, and the ways out. What it would change is nothing, and not told. */
export function Blocked(props: {
  blockers: readonly Finding[];
  preview: Preview;
  form: AskedFields;
  /** Ports of the API. */
  ports: readonly ApiPort[];
}) {
  const { blockers, preview, form, ports } = props;
  const [first, ...more] = blockers;
  const classes = useStyles();
  const t = useText();
  const open = isOpenQuestion(first);
  const others = open
    ? []
    : more.filter(({ message }) => message !== first.message);
  return (
    <div className={classes.root}>
      <Typography variant="body2">
        <strong>{t(open ? 'dialog.pickWhere' : 'dialog.blocked')}</strong>{' '}
        {open ? t('dialog.pickWhereHelp') : first.message}
      </Typography>
      <WaysOut
        blockers={blockers}
        fix={open ? undefined : first.fix}
        preview={preview}
        form={form}
        ports={ports}
      />
      <FindingList findings={others} />
    </div>
  );
}
