import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';
import Autocomplete from '@material-ui/lab/Autocomplete';
import type { Operation } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { MethodChip, operationText, ownsList } from '../marks';
import { CallParts, callOf, PROTOCOLS, sameCall } from './explainedCall';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const useStyles = makeStyles(theme => ({
  // A row of its own: what it fills in stands below it.
  operation: { flex: '1 1 100%', '& > *': { maxWidth: 480 } },
  summary: { marginLeft: theme.spacing(1) },
  method: { flex: '0 0 184px' },
  path: { flex: '1 1 200px' },
  cluster: { flex: '0 0 160px' },
  port: { flex: '0 0 104px' },
  protocol: { flex: '0 0 168px' },
  host: { flex: '1 1 200px' },
}));

/** What is called: an operation of the definition, which fills in method and path, or whatever is written there. */
export function CallFields(props: {
  call: CallParts;
  offered: readonly Operation[];
  clusters: readonly string[];
  onChange: (call: CallParts) => void;
}) {
  const { call, offered, clusters, onChange } = props;
  const classes = useStyles();
  const t = useText();
  const { method, path, cluster = '' } = call;
  const picked = offered.find(each => sameCall(callOf(each), call));
  const change = (changes: Partial<CallParts>) =>
    onChange({ ...call, ...changes });
  return (
    <>
      {offered.length > 0 && (
        <Autocomplete
          id="callgate-explain-operation"
          {...ownsList('callgate-explain-operation')}
          className={classes.operation}
          options={[...offered]}
          value={picked ?? null}
          getOptionLabel={searched}
          getOptionSelected={(option, value) => option === value}
          onChange={(_, operation) =>
            onChange({ ...callOf(operation ?? undefined), cluster })
          }
          renderOption={operation => (
            <>
              <MethodChip operation={operation} />
              <span className={classes.summary}>{operation.summary}</span>
            </>
          )}
          renderInput={params => (
            <TextField
              {...params}
              variant="outlined"
              size="small"
              label={t('explain.operation')}
              placeholder={t('explain.operationHelp')}
              InputLabelProps={{ shrink: true }}
            />
          )}
        />
      )}
      <TextField
        select
        className={classes.method}
        variant="outlined"
        size="small"
        label={t('explain.method')}
        id="callgate-explain-method"
        value={method}
        onChange={event =>
          change({
            method: event.target.value,
            port: undefined,
            protocol: undefined,
          })
        }
        InputLabelProps={{ shrink: true }}
        SelectProps={{ displayEmpty: true }}
      >
        <MenuItem value="">{t('explain.anyMethod')}</MenuItem>
        {[...new Set([...METHODS, ...(method ? [method] : [])])].map(each => (
          <MenuItem key={each} value={each}>
            {each}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        className={classes.path}
        variant="outlined"
        size="small"
        label={t('explain.path')}
        id="callgate-explain-path"
        placeholder="/orders/17"
        InputLabelProps={{ shrink: true }}
        value={path}
        disabled={!method}
        onChange={event => change({ path: event.target.value })}
      />
      <TextField
        className={classes.host}
        variant="outlined"
        size="small"
        label={t('call.host')}
        id="callgate-explain-host"
        InputLabelProps={{ shrink: true }}
        value={call.host ?? ''}
        disabled={!method}
        onChange={event => change({ host: event.target.value })}
      />
      <TextField
        className={classes.port}
        variant="outlined"
        size="small"
        label={t('call.port')}
        id="callgate-explain-port"
        type="number"
        inputProps={{ min: 1, max: 65535 }}
        InputLabelProps={{ shrink: true }}
        value={call.port ?? ''}
        onChange={event =>
          change({
            port: event.target.value ? Number(event.target.value) : undefined,
          })
        }
      />
      <TextField
        select
        className={classes.protocol}
        variant="outlined"
        size="small"
        label={t('call.protocol')}
        id="callgate-explain-protocol"
        value={call.protocol ?? ''}
        onChange={event =>
          change({
            protocol: PROTOCOLS.find(each => each === event.target.value),
          })
        }
        InputLabelProps={{ shrink: true }}
        SelectProps={{ displayEmpty: true }}
      >
        <MenuItem value="">{t('call.protocolOfPort')}</MenuItem>
        {PROTOCOLS.map(each => (
          <MenuItem key={each} value={each}>
            {each}
          </MenuItem>
        ))}
      </TextField>
      {clusters.length > 1 && (
        <TextField
          select
          className={classes.cluster}
          variant="outlined"
          size="small"
          label={t('explain.cluster')}
          id="callgate-explain-cluster"
          value={cluster}
          onChange={event => change({ cluster: event.target.value })}
          InputLabelProps={{ shrink: true }}
          SelectProps={{ displayEmpty: true }}
        >
          <MenuItem value="">{t('explain.everyCluster')}</MenuItem>
          {clusters.map(each => (
            <MenuItem key={each} value={each}>
              {each}
            </MenuItem>
          ))}
        </TextField>
      )}
    </>
  );
}

/** What an operation is found by, and what stands in the field once it is picked. */
function searched(operation: Operation): string {
  return [operationText(operation), operation.summary]
    .filter(Boolean)
    .join(' · ');
}
