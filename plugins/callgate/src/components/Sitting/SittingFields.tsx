import { useApi } from '@backstage/core-plugin-api';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { callgateApiRef } from '../../api';
import { useLoaded } from '../../hooks';
import { useText } from '../../translation';
import { FlagList, nameOf, quietText, Status } from '../marks';
import type { CallerOption } from '../RequestDialog/callerOptions';
import { FieldLabel } from '../RequestDialog/FieldLabel';
import { OperationPicker } from '../RequestDialog/OperationPicker';
import { PreviewPane } from '../RequestDialog/PreviewPane';
import type { AskedFields } from '../RequestDialog/useRequestForm';
import { WhereField } from '../RequestDialog/WhereField';
import { clustersOf, type SittingItem } from './sitting';
import type { SittingLine } from './useSitting';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    gap: theme.spacing(3),
    padding: theme.spacing(2, 0, 2, 3.5),
    [theme.breakpoints.down('sm')]: {
      gridTemplateColumns: 'minmax(0, 1fr)',
      paddingLeft: 0,
    },
  },
  question: {
    display: 'grid',
    gap: theme.spacing(2.5),
    alignContent: 'start',
    minWidth: 0,
  },
  summary: { cursor: 'pointer', color: quietText(theme) },
  own: {
    display: 'grid',
    gap: theme.spacing(2),
    paddingTop: theme.spacing(1.5),
  },
}));

/** What is asked of one API, and what that opens. */
export function SittingFields(props: {
  line: SittingLine;
  caller: CallerOption;
  onChange: (more: Partial<SittingItem>) => void;
}) {
  const { line, caller, onChange } = props;
  const { item, draft, live } = line;
  const classes = useStyles();
  const t = useText();
  const callgate = useApi(callgateApiRef);
  const offered = useLoaded(item.api.ref, signal =>
    callgate.getApiOperations(item.api.ref, { signal }),
  );
  const api = offered.value?.api ?? item.api;
  const fields: AskedFields = {
    kind: 'new',
    caller,
    operations: item.operations,
    setOperations: operations => onChange({ operations }),
    clusters: clustersOf(item),
    setClusters: clusters => onChange({ clusters }),
    acknowledges: item.acknowledges,
    setAcknowledges: acknowledges => onChange({ acknowledges }),
    breakGlass: false,
    asItIs: false,
    previewDraft: draft,
  };
  const name = nameOf(t, api);
  return (
    <div className={classes.root}>
      <div className={classes.question}>
        <Status loaded={offered} failed={t('dialog.readFailed')}>
          {operations => (
            <>
              {operations.flags && <FlagList flags={operations.flags} framed />}
              <OperationPicker
                offered={operations}
                picked={item.operations}
                onChange={fields.setOperations}
              />
              <WhereField
                clusters={operations.clusters}
                places={draft && live.preview?.places}
                form={fields}
              />
            </>
          )}
        </Status>
        <details open={item.reason !== undefined || item.until !== undefined}>
          <Typography
            component="summary"
            variant="body2"
            className={classes.summary}
          >
            {t('sitting.own')}
          </Typography>
          <div className={classes.own}>
            <div>
              <FieldLabel htmlFor="callgate-own-reason">
                {t('sitting.ownReason', { api: name })}
              </FieldLabel>
              <TextField
                id="callgate-own-reason"
                fullWidth
                multiline
                variant="outlined"
                size="small"
                value={item.reason ?? ''}
                onChange={({ target }) =>
                  onChange({ reason: target.value || undefined })
                }
                helperText={t('sitting.ownReasonHelp')}
              />
            </div>
            <div>
              <FieldLabel htmlFor="callgate-own-until">
                {t('sitting.ownUntil', { api: name })}
              </FieldLabel>
              <TextField
                id="callgate-own-until"
                type="date"
                variant="outlined"
                size="small"
                value={item.until ?? ''}
                onChange={({ target }) =>
                  onChange({ until: target.value || undefined })
                }
                inputProps={{ min: offered.value?.lastDay.today }}
                helperText={t('sitting.ownUntilHelp')}
              />
            </div>
          </div>
        </details>
      </div>
      <PreviewPane
        api={api}
        form={fields}
        live={live}
        ports={offered.value?.ports ?? []}
      />
    </div>
  );
}
