import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ApiOperations,
  Operation,
} from '@callgate/plugin-callgate-common';
import { useMemo, useState } from 'react';
import { useText } from '../../translation';
import { FindingList, quietText } from '../marks';
import { FieldLabel } from './FieldLabel';
import { ByHand } from './ByHand';
import {
  groupOperations,
  hasAllOf,
  includes,
  searchOperations,
  toggle,
} from './operationGroups';
import { OperationTree } from './OperationTree';
import { PickedByHand } from './PickedByHand';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1) },
  // How much is picked stays in sight, however far somebody scrolls.
  head: {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    paddingBottom: theme.spacing(0.5),
    backgroundColor: theme.palette.background.paper,
  },
  count: { fontVariantNumeric: 'tabular-nums' },
  quiet: { color: quietText(theme) },
  summary: { cursor: 'pointer', color: quietText(theme) },
}));

/** Operations of the API, grouped as its definition groups them; what it does not list can be written by hand. */
export function OperationPicker(props: {
  offered: ApiOperations;
  picked: Operation[];
  onChange: (operations: Operation[]) => void;
}) {
  const { offered, picked, onChange } = props;
  const classes = useStyles();
  const t = useText();
  const [text, setText] = useState('');
  const groups = useMemo(
    () => groupOperations(searchOperations(offered.operations, text)),
    [offered.operations, text],
  );
  const all = useMemo(
    () => groupOperations(offered.operations),
    [offered.operations],
  );
  const listed = offered.operations.length > 0;
  const byHand = picked.filter(each => !includes(offered.operations, each));
  const writing = picked.filter(each => each.writes);
  const writes = writing.length;
  const isAssumed = writing.some(each => each.assumed);
  return (
    <div className={classes.root}>
      <div className={classes.head}>
        <FieldLabel
          htmlFor={listed ? 'callgate-operations' : undefined}
          aside={
            <span className={classes.count} role="status">
              {listed
                ? t('dialog.selected', {
                    selected: String(picked.length),
                    total: String(offered.operations.length),
                  })
                : picked.length}
              {picked.length > 0 &&
                `, ${
                  writes > 0
                    ? t(isAssumed ? 'dialog.mayWrite' : 'dialog.writes', {
                        count: writes,
                      })
                    : t('dialog.readOnly')
                }`}
            </span>
          }
        >
          {t('dialog.operations')}
        </FieldLabel>
        {listed && (
          <TextField
            id="callgate-operations"
            fullWidth
            variant="outlined"
            size="small"
            placeholder={t('dialog.search')}
            inputProps={{ type: 'search' }}
            value={text}
            onChange={event => setText(event.target.value)}
          />
        )}
      </div>
      <FindingList findings={offered.findings} />
      {!listed && (
        <Typography variant="body2">{t('dialog.noDefinition')}</Typography>
      )}
      {listed && groups.length === 0 && (
        <Typography variant="body2">{t('dialog.noMatch', { text })}</Typography>
      )}
      {groups.length > 0 && (
        <OperationTree
          groups={groups}
          picked={picked}
          searching={text.trim() !== ''}
          onChange={onChange}
        />
      )}
      {hasAllOf(all, picked) && (
        <Typography variant="caption" className={classes.quiet}>
          {t('dialog.laterNot')}
        </Typography>
      )}
      {byHand.length > 0 && (
        <PickedByHand
          operations={byHand}
          onRemove={operation => onChange(toggle(picked, operation))}
        />
      )}
      <details open={!listed}>
        <Typography
          component="summary"
          variant="body2"
          className={classes.summary}
        >
          {t('dialog.notListed')}
        </Typography>
        <ByHand
          ports={offered.ports}
          methods={offered.methods ?? []}
          picked={picked}
          onChange={onChange}
        />
      </details>
    </div>
  );
}
