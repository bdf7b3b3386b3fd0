import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { PolicyObject } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { MONO, quietGround, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  list: { margin: 0, padding: 0, listStyle: 'none' },
  quiet: { color: quietText(theme), overflowWrap: 'anywhere' },
  summary: { cursor: 'pointer' },
  yaml: {
    maxHeight: 320,
    margin: theme.spacing(0.5, 0),
    padding: theme.spacing(1),
    overflow: 'auto',
    borderRadius: theme.shape.borderRadius,
    backgroundColor: quietGround(theme),
    fontFamily: MONO,
    fontSize: theme.typography.pxToRem(12),
  },
}));

/** The objects that decide at a hop, by name and rule; their text for whoever wants to read it. */
export function HopObjects(props: { objects: readonly PolicyObject[] }) {
  const { objects } = props;
  const classes = useStyles();
  const t = useText();
  if (objects.length === 0) {
    return null;
  }
  return (
    <ul className={classes.list}>
      {objects.map(object => {
        const name = nameOfObject(object);
        return (
          <Typography
            component="li"
            variant="caption"
            className={classes.quiet}
            key={`${name} ${object.rule ?? ''}`}
          >
            {object.yaml ? (
              <details>
                <summary className={classes.summary}>
                  {withRule(name, object.rule)}
                </summary>
                {object.file && (
                  <span>{t('explain.inFile', { file: object.file })}</span>
                )}
                <pre
                  className={classes.yaml}
                  tabIndex={0}
                  role="region"
                  aria-label={t('explain.textOf', { object: name })}
                >
                  {object.yaml}
                </pre>
              </details>
            ) : (
              withRule(name, object.rule)
            )}
          </Typography>
        );
      })}
    </ul>
  );
}

function nameOfObject({ kind, namespace, name }: PolicyObject): string {
  return `${kind} ${[namespace, name].filter(Boolean).join('/')}`;
}

function withRule(name: string, rule: string | undefined): string {
  return rule ? `${name}, ${rule}` : name;
}
