import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRow, PolicyObject } from '@callgate/plugin-callgate-common';
import { useId, useState } from 'react';
import useCopyToClipboard from 'react-use/esm/useCopyToClipboard';
import { useText } from '../../translation';
import { BREAKS, MONO, nameOf, quietGround, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  content: { display: 'grid', gap: theme.spacing(2) },
  quiet: { color: quietText(theme) },
  yaml: {
    margin: theme.spacing(1, 0, 0),
    padding: theme.spacing(1.5),
    maxHeight: 280,
    overflow: 'auto',
    borderRadius: theme.shape.borderRadius,
    backgroundColor: quietGround(theme),
    fontFamily: MONO,
    fontSize: theme.typography.pxToRem(12),
  },
  ask: {
    padding: theme.spacing(1.5),
    borderRadius: theme.shape.borderRadius,
    backgroundColor: quietGround(theme),
  },
}));

/** The objects that open an access or stand in its way, and text to send to the owner of those that are not ours. */
export function PolicyDialog(props: { row: AccessRow; onClose: () => void }) {
  const { row, onClose } = props;
  const { grants, beyond, caller, api } = row;
  const classes = useStyles();
  const t = useText();
  const titleId = useId();
  const [, copy] = useCopyToClipboard();
  const [copied, setCopied] = useState(false);
  const opening = once(beyond.flatMap(({ openedBy }) => openedBy));
  const foreign = opening.filter(({ generated }) => generated !== true);
  const refusing = once(grants.flatMap(({ refusedBy }) => refusedBy));
  const names = [...new Set(foreign.map(objectName))];
  const ask = t(grants.length > 0 ? 'policy.askTextBeyond' : 'policy.askText', {
    count: names.length,
    objects: names.join(', '),
    caller: nameOf(t, caller),
    api: nameOf(t, api),
  });
  return (
    <Dialog
      open
      PaperProps={BREAKS}
      onClose={onClose}
      maxWidth="md"
      fullWidth
      aria-labelledby={titleId}
    >
      <DialogTitle id={titleId}>{t('policy.title')}</DialogTitle>
      <DialogContent className={classes.content}>
        {opening.length > 0 && (
          <Objects
            title={t('policy.opens')}
            text={t(foreign.length > 0 ? 'policy.foreign' : 'policy.generated')}
            objects={opening}
          />
        )}
        {refusing.length > 0 && (
          <Objects
            title={t('policy.refuses')}
            text={t('policy.refusing')}
            objects={refusing}
          />
        )}
        {foreign.length > 0 && (
          <div>
            <Typography variant="subtitle2" component="h3">
              {t('policy.ask')}
            </Typography>
            <Typography variant="body2" className={classes.ask}>
              {ask}
            </Typography>
          </div>
        )}
      </DialogContent>
      <DialogActions>
        {foreign.length > 0 && (
          <Button
            color="primary"
            onClick={() => {
              copy(ask);
              setCopied(true);
            }}
          >
            <span aria-live="polite">
              {t(copied ? 'policy.copied' : 'policy.copy')}
            </span>
          </Button>
        )}
        <Button onClick={onClose}>{t('policy.close')}</Button>
      </DialogActions>
    </Dialog>
  );
}

function Objects(props: {
  title: string;
  text: string;
  objects: readonly PolicyObject[];
}) {
  const { title, text, objects } = props;
  return (
    <div>
      <Typography variant="subtitle2" component="h3">
        {title}
      </Typography>
      <Typography variant="body2" paragraph>
        {text}
      </Typography>
      {objects.map(object => (
        <PolicyText key={keyOf(object)} object={object} />
      ))}
    </div>
  );
}

function once(objects: readonly PolicyObject[]): PolicyObject[] {
  return [...new Map(objects.map(each => [keyOf(each), each])).values()];
}

function keyOf(object: PolicyObject): string {
  return `${object.cluster} ${objectName(object)} ${object.rule}`;
}

function PolicyText({ object }: { object: PolicyObject }) {
  const classes = useStyles();
  const t = useText();
  const { cluster, file, rule, yaml } = object;
  return (
    <div>
      <Typography variant="body2">
        <strong>{objectName(object)}</strong>
        {rule && `, ${rule}`}
        <span className={classes.quiet}>
          {[cluster, file].filter(Boolean).map(part => ` · ${part}`)}
        </span>
      </Typography>
      {yaml ? (
        <pre
          className={classes.yaml}
          tabIndex={0}
          role="region"
          aria-label={objectName(object)}
        >
          {yaml}
        </pre>
      ) : (
        <Typography variant="body2" className={classes.quiet}>
          {t('policy.noText')}
        </Typography>
      )}
    </div>
  );
}

function objectName({ kind, namespace, name }: PolicyObject): string {
  return `${kind} ${[namespace, name].filter(Boolean).join('/')}`;
}
