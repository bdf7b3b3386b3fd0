import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Proposal } from '@callgate/plugin-callgate-common';
import { proposalsRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  accentText,
  EntityName,
  MONO,
  ProposalStateChip,
  quietText,
  TimeAgo,
} from '../marks';
import { Crumbs } from '../RequestPage';

const useStyles = makeStyles(theme => ({
  title: {
    margin: theme.spacing(0.5, 0, 1),
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.35,
    overflowWrap: 'anywhere',
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    color: quietText(theme),
  },
  branch: { fontFamily: MONO, fontSize: '0.9em', overflowWrap: 'anywhere' },
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** What the pull request is called, where it stands, and whom it waits for. */
export function ProposalHead({ proposal }: { proposal: Proposal }) {
  const classes = useStyles();
  const t = useText();
  const list = useOptionalRouteRef(proposalsRouteRef);
  const { number, title, state, waitsFor, createdAt, branch, api, url } =
    proposal;
  const name =
    number === undefined
      ? t('proposal.numberless')
      : t('proposal.number', { number: `#${number}` });
  return (
    <header>
      <Crumbs
        list={t('pages.proposals')}
        path={list?.()}
        here={number === undefined ? t('proposal.numberless') : `#${number}`}
      />
      <Typography variant="h2" className={classes.title}>
        {title}
      </Typography>
      <Typography variant="body2" component="div" className={classes.line}>
        <ProposalStateChip state={state} />
        {waitsFor && <span>{waitsFor}</span>}
        <span>
          {t('proposal.opened', { when: <TimeAgo at={createdAt} /> })}
        </span>
        <EntityName entity={api} icon tab="access" />
        <code className={classes.branch}>{branch}</code>
        {url && (
          <Link to={url} className={classes.link}>
            {name}
          </Link>
        )}
      </Typography>
    </header>
  );
}
