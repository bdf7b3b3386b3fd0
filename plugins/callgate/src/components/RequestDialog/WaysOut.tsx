import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ApiPort,
  Finding,
  Preview,
} from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { gapAction } from './Acknowledgements';
import { portOperation } from './resolveOperations';
import type { AskedFields } from './useRequestForm';

/** Errors that a whole port does not have, since nothing looks at methods then. */
const OF_METHODS = [
  'method-not-enforceable',
  'not-http-port',
  'port-outside-mesh',
  'path-not-expressible',
  'unknown-operation',
  'base-path-ambiguous',
  'contract-unreadable',
];
/** Errors that a mesh would take away. */
const OF_NO_MESH = ['method-not-enforceable', 'identity-not-enforceable'];
const SCOPE = 'scope-required';
const MOST_PORTS = 3;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  button: { textAlign: 'left' },
  mesh: { '& > summary': { cursor: 'pointer' } },
}));

/** What to do about a draft that cannot be granted: each way that this form can go is a button. */
export function WaysOut(props: {
  blockers: readonly Finding[];
  /** What to do where no button does it. */
  fix: string | undefined;
  preview: Preview;
  form: AskedFields;
  /** Ports of the API. */
  ports: readonly ApiPort[];
}) {
  const { blockers, fix, preview, form, ports } = props;
  const classes = useStyles();
  const t = useText();
  const codes = blockers.map(({ code }) => code);
  const has = (wanted: readonly string[]) =>
    codes.some(code => wanted.includes(code));
  const good = (preview.places ?? [])
    .filter(({ blocked }) => !blocked)
    .map(({ cluster }) => cluster);
  const named = form.clusters;
  const others = good.filter(
    cluster => named.length !== 1 || named[0] !== cluster,
  );
  const methods = form.operations.some(({ kind }) => kind !== 'port');
  const ways = [
    ...others.map(cluster => ({
      text: t('dialog.onlyIn', { cluster }),
      go: () => form.setClusters([cluster]),
    })),
    ...(has([SCOPE]) && good.length > 1
      ? [{ text: t('dialog.inAll'), go: () => form.setClusters(good) }]
      : []),
    ...(has(OF_METHODS) && methods
      ? ports.slice(0, MOST_PORTS).map(({ port, protocol }) => ({
          text: t('dialog.wholePortInstead', { port: String(port) }),
          go: () => form.setOperations([portOperation(port, protocol)]),
        }))
      : []),
    ...preview.acknowledgeable.map(gap => ({
      text: gapAction(t, gap),
      go: () => form.setAcknowledges([...form.acknowledges, gap]),
    })),
  ];
  return (
    <>
      {ways.length > 0 && (
        <ul className={classes.root} aria-label={t('dialog.waysOut')}>
          {ways.map(({ text, go }) => (
            <li key={text}>
              <Button
                size="small"
                variant="outlined"
                color="primary"
                className={classes.button}
                onClick={go}
              >
                {text}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {ways.length === 0 && fix && (
        <Typography variant="body2">{fix}</Typography>
      )}
      {has(OF_NO_MESH) && (
        <details className={classes.mesh}>
          <Typography component="summary" variant="body2">
            {t('dialog.intoMesh')}
          </Typography>
          <Typography variant="body2">{t('dialog.intoMeshHow')}</Typography>
        </details>
      )}
    </>
  );
}
