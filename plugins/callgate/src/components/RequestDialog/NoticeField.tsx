import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { EndNotice } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { dayText, quietText } from '../marks';
import type { RequestForm } from './useRequestForm';

const useStyles = makeStyles(theme => ({
  choice: { alignItems: 'flex-start', marginTop: theme.spacing(1) },
  box: { padding: theme.spacing(0, 1) },
  help: { color: quietText(theme) },
}));

/** When an end is proposed that nobody has to approve, and the way to have that at once. */
export function NoticeField(props: { notice: EndNotice; form: RequestForm }) {
  const { notice, form } = props;
  const { proposeOn, urgent } = notice;
  const classes = useStyles();
  const t = useText();
  return (
    <div>
      <Typography variant="body2" role="status">
        {proposeOn === undefined
          ? t('grants.noNotice')
          : t('grants.notice', { day: dayText(t, proposeOn) })}
      </Typography>
      {urgent && (
        <FormControlLabel
          className={classes.choice}
          control={
            <Checkbox
              size="small"
              color="primary"
              className={classes.box}
              checked={form.urgent}
              onChange={event => form.setUrgent(event.target.checked)}
            />
          }
          label={
            <>
              <Typography variant="body2">{t('grants.urgent')}</Typography>
              <Typography variant="caption" className={classes.help}>
                {t('grants.urgentHelp')}
              </Typography>
            </>
          }
        />
      )}
    </div>
  );
}
