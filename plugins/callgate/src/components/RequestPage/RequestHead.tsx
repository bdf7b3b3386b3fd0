import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import type { RefObject } from 'react';
import { inboxRouteRef } from '../../routes';
import { useGrantPath, useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  accentText,
  EntityName,
  GlassMark,
  isOfGrant,
  quietText,
  StateChip,
  TimeAgo,
} from '../marks';
import { Crumbs } from './Crumbs';
import { Objections } from './Objections';
import { useProposalLink } from './useProposalLink';

const useStyles = makeStyles(theme => ({
  title: {
    margin: theme.spacing(0.5, 0, 1),
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.35,
    overflowWrap: 'anywhere',
    '&:focus': { outline: 'none' },
    '&:focus-visible': { outline: `2px solid ${accentText(theme)}` },
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    color: quietText(theme),
  },
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** The question as a sentence, where it stands, who asked, and the two ends it is about. */
export function RequestHead(props: {
  request: AccessRequest;
  headRef: RefObject<HTMLHeadingElement>;
}) {
  const { request, headRef } = props;
  const classes = useStyles();
  const t = useText();
  const inbox = useOptionalRouteRef(inboxRouteRef);
  const grantPath = useGrantPath();
  const proposal = useProposalLink(request.proposal);
  const {
    number,
    summary,
    state,
    waitsFor,
    requestedBy,
    createdAt,
    caller,
    api,
    grant,
  } = request;
  // Before it is merged, a new request has made no grant.
  const isThere =
    request.kind === 'confirm' || isOfGrant(request.kind) || state === 'merged';
  const path =
    isThere && grant !== undefined ? grantPath(grant, api.ref) : undefined;
  return (
    <header>
      <Crumbs
        list={t('pages.requests')}
        path={inbox?.()}
        here={String(number)}
      />
      <Typography
        variant="h2"
        className={classes.title}
        ref={headRef}
        tabIndex={-1}
      >
        {summary}
      </Typography>
      <Typography variant="body2" component="div" className={classes.line}>
        <StateChip state={state} waitsFor={waitsFor} />
        {request.breakGlass && <GlassMark breakGlass={request.breakGlass} />}
        <Objections objections={request.objections ?? []} />
        <span>
          {t('request.byWhen', {
            who: <EntityName entity={requestedBy} plain />,
            when: <TimeAgo at={createdAt} />,
          })}
        </span>
        <EntityName entity={caller} icon tab="calls" />
        <EntityName entity={api} icon tab="access" />
        {path && (
          <Link to={path} className={classes.link}>
            {t('grant.openPage')}
          </Link>
        )}
        {proposal && (
          <Link to={proposal.path} className={classes.link}>
            {proposal.name}
          </Link>
        )}
      </Typography>
    </header>
  );
}
