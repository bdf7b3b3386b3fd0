import { makeStyles } from '@material-ui/core/styles';
import type { Operation } from '@callgate/plugin-callgate-common';
import { operationParts } from './operationText';
import { quietGround, toneText } from './tones';

/** The font of what machines read. */
export const MONO =
  'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-block',
    maxWidth: '100%',
    padding: theme.spacing(0.125, 0.75),
    borderRadius: theme.shape.borderRadius,
    backgroundColor: quietGround(theme),
    color: theme.palette.text.primary,
    fontFamily: MONO,
    fontSize: theme.typography.pxToRem(12.5),
    lineHeight: 1.5,
    overflowWrap: 'anywhere',
  },
  reads: { color: toneText(theme, 'good'), fontWeight: 600 },
  writes: { color: toneText(theme, 'warn'), fontWeight: 600 },
  port: { fontWeight: 600 },
}));

/** One operation, `GET /orders/{id}`: the method's hue tells reading from writing, its word says it too. */
export function MethodChip(props: { operation: Operation }) {
  const { operation } = props;
  const classes = useStyles();
  const { verb, object } = operationParts(operation);
  const tone =
    operation.kind === 'port'
      ? classes.port
      : classes[operation.writes ? 'writes' : 'reads'];
  return (
    <code className={classes.root} title={operation.summary}>
      {verb && <span className={tone}>{verb}</span>}
      {verb && object && ' '}
      {object}
    </code>
  );
}
