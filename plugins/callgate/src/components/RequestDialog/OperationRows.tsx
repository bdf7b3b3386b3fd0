import Button from '@material-ui/core/Button';
import ButtonBase from '@material-ui/core/ButtonBase';
import Checkbox from '@material-ui/core/Checkbox';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import type { Operation } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import {
  accentText,
  Badge,
  MethodChip,
  quietGround,
  quietText,
} from '../marks';
import { allOf, OperationGroup } from './operationGroups';

const useStyles = makeStyles(theme => ({
  group: {
    display: 'flex',
    alignItems: 'center',
    minHeight: 38,
    paddingRight: theme.spacing(1),
    backgroundColor: quietGround(theme),
  },
  name: {
    flex: 1,
    minWidth: 0,
    justifyContent: 'flex-start',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.5, 1),
    font: 'inherit',
    fontSize: theme.typography.body2.fontSize,
    fontWeight: 600,
    textAlign: 'left',
    '&:focus-visible': {
      outline: `2px solid ${accentText(theme)}`,
      outlineOffset: -2,
    },
  },
  count: { fontWeight: 400, color: quietText(theme) },
  closed: { transform: 'rotate(-90deg)' },
  operation: {
    display: 'grid',
    gridTemplateColumns: '38px minmax(0, 5fr) minmax(0, 4fr) 92px',
    alignItems: 'center',
    columnGap: theme.spacing(1),
    minHeight: 38,
    padding: theme.spacing(0.25, 1, 0.25, 0.5),
    cursor: 'pointer',
    '&:hover, &:focus-within': { backgroundColor: theme.palette.action.hover },
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: '38px minmax(0, 1fr) max-content',
      paddingBottom: theme.spacing(0.5),
      '& > :nth-child(3)': { gridColumn: '2 / -1', gridRow: 2 },
    },
  },
  summary: { minWidth: 0, overflowWrap: 'anywhere' },
  marks: { textAlign: 'right' },
  deprecated: { textDecoration: 'line-through' },
  quiet: { color: quietText(theme) },
}));

/** The head of a group: opens it, and takes all of its reading operations at once. */
export function GroupRow(props: {
  group: OperationGroup;
  open: boolean;
  onToggle: () => void;
  onAll: (operations: Operation[]) => void;
}) {
  const { group, open, onToggle, onAll } = props;
  const classes = useStyles();
  const t = useText();
  const all = allOf(group);
  const name = group.name || t('dialog.other');
  return (
    <div className={classes.group}>
      <ButtonBase
        className={classes.name}
        aria-expanded={open}
        onClick={onToggle}
      >
        <ExpandMoreIcon
          fontSize="small"
          className={open ? undefined : classes.closed}
          aria-hidden
        />
        <bdi>{name}</bdi>{' '}
        <span className={classes.count}>{group.operations.length}</span>
      </ButtonBase>
      {all && (
        <Button
          size="small"
          color="primary"
          title={t('dialog.laterNot')}
          aria-label={`${t('dialog.allOfIn', {
            number: String(all.operations.length),
            verb: all.verb,
            group: name,
          })}. ${t('dialog.laterNot')}`}
          onClick={() => onAll(all.operations)}
        >
          {t('dialog.allOf', {
            verb: all.verb,
            number: String(all.operations.length),
          })}
        </Button>
      )}
    </div>
  );
}

/** One operation to pick. */
export function OperationRow(props: {
  operation: Operation;
  checked: boolean;
  /** Whether the Tab key comes here; arrows reach the others. */
  tabStop: boolean;
  onToggle: () => void;
  onFocus: () => void;
}) {
  const { operation, checked, tabStop, onToggle, onFocus } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <label className={classes.operation}>
      <Checkbox
        size="small"
        color="primary"
        checked={checked}
        onChange={onToggle}
        inputProps={{ tabIndex: tabStop ? 0 : -1, onFocus }}
      />
      <span>
        <MethodChip operation={operation} />
      </span>
      <Typography
        variant="body2"
        component="span"
        className={`${classes.summary} ${
          operation.deprecated ? classes.deprecated : ''
        }`}
      >
        <bdi>{operation.summary ?? operation.id}</bdi>
      </Typography>
      <span className={classes.marks}>
        {operation.writes && (
          <Badge tone="warn">
            {t(operation.assumed ? 'dialog.mayWriteMark' : 'dialog.writesMark')}
          </Badge>
        )}{' '}
        {operation.deprecated && (
          <Badge tone="quiet">{t('dialog.deprecated')}</Badge>
        )}
      </span>
    </label>
  );
}
