import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useId, useState } from 'react';
import { callgateApiRef, type EvidenceQuery } from '../../api';
import { useText } from '../../translation';
import { BREAKS, Problem } from '../marks';

const useStyles = makeStyles(theme => ({
  content: { display: 'grid', gap: theme.spacing(2) },
}));

/** Takes out evidence as a file: of grants or of decisions, for a day or for now. */
export function EvidenceButton() {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size="small"
        variant="outlined"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t('evidence.open')}
      </Button>
      {isOpen && <EvidenceDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function EvidenceDialog({ onClose }: { onClose: () => void }) {
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const t = useText();
  const titleId = useId();
  const kindId = useId();
  const dayId = useId();
  const [kind, setKind] = useState<EvidenceQuery['kind']>('grants');
  const [day, setDay] = useState('');
  const [state, setState] = useState<{
    working?: true;
    done?: string;
    error?: Error;
  }>({});
  const take = async (format: EvidenceQuery['format']) => {
    setState({ working: true });
    try {
      const { name, content } = await callgate.takeEvidence({
        kind,
        format,
        ...(day && { at: day }),
      });
      save(name, content);
      setState({ done: name });
    } catch (error) {
      setState({ error: error as Error });
    }
  };
  return (
    <Dialog
      open
      fullWidth
      maxWidth="xs"
      aria-labelledby={titleId}
      onClose={onClose}
      PaperProps={BREAKS}
    >
      <DialogTitle id={titleId}>{t('evidence.title')}</DialogTitle>
      <DialogContent className={classes.content}>
        <Typography variant="body2">{t('evidence.help')}</Typography>
        <FormControl component="fieldset">
          <FormLabel component="legend" id={kindId}>
            {t('evidence.kind')}
          </FormLabel>
          <RadioGroup
            aria-labelledby={kindId}
            value={kind}
            onChange={(_event, value) =>
              setKind(value as EvidenceQuery['kind'])
            }
          >
            {(['grants', 'decisions'] as const).map(each => (
              <FormControlLabel
                key={each}
                value={each}
                control={<Radio color="primary" size="small" />}
                label={t(`evidence.${each}`)}
              />
            ))}
          </RadioGroup>
        </FormControl>
        <TextField
          id={dayId}
          type="date"
          size="small"
          variant="outlined"
          label={t('evidence.day')}
          helperText={t('evidence.dayHelp')}
          InputLabelProps={{ shrink: true }}
          inputProps={{ max: new Date().toISOString().slice(0, 10) }}
          value={day}
          onChange={event => setDay(event.target.value)}
        />
        {state.error && (
          <Problem title={t('evidence.failed')} error={state.error} />
        )}
        <Typography variant="body2" component="div" role="status">
          {state.working && t('evidence.working')}
          {state.done && t('evidence.done', { name: state.done })}
        </Typography>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t('evidence.close')}</Button>
        {(['csv', 'json'] as const).map(format => (
          <Button
            key={format}
            color="primary"
            disabled={state.working}
            onClick={() => take(format)}
          >
            {t(`evidence.${format}`)}
          </Button>
        ))}
      </DialogActions>
    </Dialog>
  );
}

/** Hands a file over to the browser: a link would not carry who is signed in. */
function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
