import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useId } from 'react';
import { useText } from '../../translation';
import { Badge, quietText } from '../marks';
import type { CallerOption } from './callerOptions';
import { FieldLabel } from './FieldLabel';
import type { MoreCallers } from './useMoreCallers';

const TONES = {
  checking: 'quiet',
  fine: 'good',
  already: 'info',
  refused: 'bad',
  failed: 'bad',
} as const;

const useStyles = makeStyles(theme => ({
  list: {
    maxHeight: 260,
    overflowY: 'auto',
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  label: { alignItems: 'flex-start', margin: 0 },
  box: { padding: theme.spacing(0.5, 1, 0.5, 0) },
  name: { paddingTop: theme.spacing(0.5) },
  state: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    padding: theme.spacing(0, 0, 0.5, 3.5),
    overflowWrap: 'anywhere',
  },
  quiet: { color: quietText(theme) },
}));

/** Other callers of the reader that the same is asked for, each with what it would open. Nothing where there are none. */
export function MoreCallersField(props: {
  options: readonly CallerOption[];
  more: MoreCallers;
}) {
  const { options, more } = props;
  const classes = useStyles();
  const t = useText();
  const id = useId();
  if (options.length === 0) return null;
  return (
    <div role="group" aria-labelledby={id}>
      <FieldLabel>
        <span id={id}>{t('several.title')}</span>
      </FieldLabel>
      <Typography variant="caption" component="p" className={classes.quiet}>
        {t('several.help')}
      </Typography>
      <ul className={classes.list}>
        {options.map(option => {
          const line = more.lines.find(
            ({ caller }) => caller.ref === option.ref,
          );
          return (
            <li key={option.ref}>
              <FormControlLabel
                className={classes.label}
                control={
                  <Checkbox
                    size="small"
                    color="primary"
                    className={classes.box}
                    checked={more.isPicked(option.ref)}
                    onChange={() => more.toggle(option)}
                    inputProps={{ 'aria-describedby': `${id} ${option.ref}` }}
                  />
                }
                label={
                  <Typography variant="body2" className={classes.name}>
                    <bdi>{option.name}</bdi>
                  </Typography>
                }
              />
              <div
                id={`${id} ${option.ref}`}
                role="status"
                className={line && classes.state}
              >
                {line && (
                  <>
                    <Badge tone={TONES[line.state]}>
                      {t(`several.${line.state}`)}
                    </Badge>
                    {line.text && (
                      <Typography variant="caption">{line.text}</Typography>
                    )}
                  </>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
