import { makeStyles } from '@material-ui/core/styles';
import type { Operation } from '@callgate/plugin-callgate-common';
import { Fragment } from 'react';
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
    // Segments stay whole as long as one of them fits the line.
    overflowWrap: 'break-word',
  },
  reads: { color: toneText(theme, 'good'), fontWeight: 600 },
  writes: { color: toneText(theme, 'warn'), fontWeight: 600 },
  port: { fontWeight: 600 },
}));

/** A path or method with a chance to break before each of its segments, and nowhere else. */
function breakable(object: string) {
  return object.split(/(?<=.)(?=[/.])/).map((segment, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {segment}
    </Fragment>
  ));
}

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
      {breakable(object)}
    </code>
  );
}
