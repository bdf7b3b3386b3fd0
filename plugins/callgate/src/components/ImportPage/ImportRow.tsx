import { Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ImportSummary } from '@callgate/plugin-callgate-common';
import { useId, useState } from 'react';
import { proposalRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { accentText, Badge, EntityName, nameOf, quietText } from '../marks';
import { ImportDetails } from './ImportDetails';

const TONES = {
  written: 'good',
  open: 'warn',
  'left-out': 'quiet',
  declared: 'quiet',
} as const;

const useStyles = makeStyles(theme => ({
  root: { padding: theme.spacing(1.5, 0), minWidth: 0 },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    minWidth: 0,
  },
  box: { padding: theme.spacing(0.5), marginLeft: theme.spacing(-0.5) },
  end: { marginLeft: 'auto' },
  quiet: {
    color: quietText(theme),
    fontVariantNumeric: 'tabular-nums',
    overflowWrap: 'anywhere',
  },
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** One API: what import would make of it, and why where that is nothing. */
export function ImportRow(props: {
  item: ImportSummary;
  /** A pull request was asked for in the details. */
  onOpened: () => void;
  chosen?: boolean;
  /** Absent where it cannot be chosen at all. */
  onChoose?: (on: boolean) => void;
}) {
  const { item, onOpened, chosen, onChoose } = props;
  const { api, state, reason, grants, kept, proposal, choose } = item;
  const classes = useStyles();
  const t = useText();
  const toProposal = useOptionalRouteRef(proposalRouteRef);
  const [isOpen, setOpen] = useState(false);
  const detailsId = useId();
  const name = nameOf(t, api);
  const counts = [
    ...(grants > 0 ? [t('imports.grants', { count: grants })] : []),
    ...(kept > 0 ? [t('imports.kept', { count: kept })] : []),
  ];
  return (
    <li className={classes.root}>
      <div className={classes.head}>
        {onChoose && (
          <Checkbox
            color="primary"
            className={classes.box}
            checked={chosen === true}
            disabled={!choose.allowed}
            onChange={(_event, on) => onChoose(on)}
            inputProps={{ 'aria-label': t('imports.choose', { api: name }) }}
          />
        )}
        <EntityName entity={api} tab="access" />
        <Badge tone={TONES[state]}>{t(`imports.state.${state}`)}</Badge>
        {counts.length > 0 && (
          <Typography variant="body2" className={classes.quiet}>
            {counts.join(', ')}
          </Typography>
        )}
        {proposal && toProposal && (
          <Typography variant="body2" component="span">
            <Link to={toProposal({ id: proposal.id })} className={classes.link}>
              {proposal.number === undefined
                ? t('imports.pull')
                : t('imports.pullNumber', { number: String(proposal.number) })}
            </Link>
          </Typography>
        )}
        <Button
          size="small"
          color="primary"
          className={classes.end}
          aria-expanded={isOpen}
          aria-controls={isOpen ? detailsId : undefined}
          aria-label={t('imports.detailsOf', { api: name })}
          onClick={() => setOpen(!isOpen)}
        >
          {t('imports.details')}
        </Button>
      </div>
      {(reason ?? choose.reason) !== undefined && (
        <Typography variant="body2" className={classes.quiet}>
          {reason ?? choose.reason}
        </Typography>
      )}
      {isOpen && (
        <ImportDetails id={detailsId} item={item} onOpened={onOpened} />
      )}
    </li>
  );
}
