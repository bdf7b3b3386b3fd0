import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import CloseIcon from '@material-ui/icons/Close';
import type { Operation } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { MethodChip, operationKey, operationText } from '../marks';
import { FieldLabel } from './FieldLabel';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 1.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  item: { display: 'inline-flex', alignItems: 'center' },
}));

/** What is asked for beside the definition. */
export function PickedByHand(props: {
  operations: readonly Operation[];
  onRemove: (operation: Operation) => void;
}) {
  const { operations, onRemove } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <div>
      <FieldLabel>{t('dialog.added')}</FieldLabel>
      <ul className={classes.list}>
        {operations.map(operation => (
          <li key={operationKey(operation)} className={classes.item}>
            <MethodChip operation={operation} />
            <IconButton
              size="small"
              aria-label={t('dialog.remove', {
                operation: operationText(operation),
              })}
              onClick={() => onRemove(operation)}
            >
              <CloseIcon fontSize="small" />
            </IconButton>
          </li>
        ))}
      </ul>
    </div>
  );
}
