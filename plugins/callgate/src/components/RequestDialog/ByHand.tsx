import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ApiPort, Operation } from '@callgate/plugin-callgate-common';
import { KeyboardEvent, useState } from 'react';
import { useText } from '../../translation';
import { includes, toggle } from './operationGroups';
import { httpOperation, portOperation } from './resolveOperations';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const SEGMENT = /^(\{[A-Za-z0-9_.-]+\}|[^{}/?#*]*)$/;
const LAST = /^\{[A-Za-z0-9_.-]+\+\}$/;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1),
    paddingTop: theme.spacing(1),
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    alignItems: 'flex-start',
  },
  method: { flex: '0 0 130px' },
  path: { flex: '1 1 180px' },
  label: { marginLeft: 0 },
}));

/** For APIs without a definition: a method and path as OpenAPI writes them, or everything on a port. */
export function ByHand(props: {
  ports: readonly ApiPort[];
  /** What the backend says of each method. */
  methods: readonly Operation[];
  picked: Operation[];
  onChange: (operations: Operation[]) => void;
}) {
  const { ports, methods, picked, onChange } = props;
  const classes = useStyles();
  const t = useText();
  const [method, setMethod] = useState('GET');
  const [path, setPath] = useState('');
  const [wrong, setWrong] = useState(false);

  const add = () => {
    const operation = httpOperation(method, path.trim(), methods);
    if (!isPath(path.trim())) {
      setWrong(true);
      return;
    }
    if (!includes(picked, operation)) {
      onChange([...picked, operation]);
    }
    setPath('');
  };
  const addOnEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      add();
    }
  };
  return (
    <div className={classes.root}>
      <Typography variant="body2" component="h3">
        {t('dialog.byHand')}
      </Typography>
      <div className={classes.line}>
        <TextField
          select
          id="callgate-hand-method"
          className={classes.method}
          variant="outlined"
          size="small"
          label={t('dialog.method')}
          value={method}
          onChange={event => setMethod(event.target.value)}
        >
          {METHODS.map(each => (
            <MenuItem key={each} value={each}>
              {each}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          id="callgate-hand-path"
          className={classes.path}
          variant="outlined"
          size="small"
          label={t('dialog.path')}
          value={path}
          error={wrong}
          helperText={t(wrong ? 'dialog.pathWrong' : 'dialog.pathHelp')}
          onChange={event => {
            setPath(event.target.value);
            setWrong(false);
          }}
          onKeyDown={addOnEnter}
        />
        <Button variant="outlined" onClick={add}>
          {t('dialog.add')}
        </Button>
      </div>
      {ports.map(({ port, protocol }) => {
        const operation = portOperation(port, protocol);
        return (
          <FormControlLabel
            key={`${protocol} ${port}`}
            className={classes.label}
            control={
              <Checkbox
                size="small"
                color="primary"
                checked={includes(picked, operation)}
                onChange={() => onChange(toggle(picked, operation))}
              />
            }
            label={
              <Typography variant="body2">
                {t('dialog.wholePort', { port: String(port) })}
              </Typography>
            }
          />
        );
      })}
    </div>
  );
}

/** Whether an AccessPolicy can say this path: whole segments, and no pattern but a template. */
function isPath(path: string): boolean {
  const [first, ...segments] = path.split('/');
  return (
    first === '' &&
    segments.length > 0 &&
    segments.every(
      (segment, index) =>
        SEGMENT.test(segment) ||
        (index === segments.length - 1 && LAST.test(segment)),
    )
  );
}
