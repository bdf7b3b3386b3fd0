import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { nameOf, quietText } from '../marks';
import { useLoaded } from '../../hooks';
import { ApprovalRulesLink } from '../ApprovalRulesPage/ApprovalRulesLink';
import { hasManyNeeds } from './Needs';

const useStyles = makeStyles(theme => ({
  root: {
    borderTop: `1px solid ${theme.palette.divider}`,
    paddingTop: theme.spacing(2),
    // Nothing stands above it where the buttons are elsewhere.
    '&:first-child': { borderTop: 'none', paddingTop: 0 },
  },
  quiet: { color: quietText(theme) },
}));

/** Who can decide, by name where the backend says so, and that the requester cannot. */
export function Deciders({ request }: { request: AccessRequest }) {
  const { requestedBy } = request;
  const deciders = stillToDecide(request);
  const classes = useStyles();
  const t = useText();
  const identity = useApi(identityApiRef);
  const me = useLoaded('me', () => identity.getBackstageIdentity());
  const people = (deciders.names ?? []).map(person =>
    person.ref && person.ref === me.value?.userEntityRef
      ? t('request.youAmong', { name: nameOf(t, person) })
      : nameOf(t, person),
  );
  return (
    <div className={classes.root}>
      {deciders.text && (
        <Typography variant="caption" component="p" className={classes.quiet}>
          {t('request.whoDecides', { text: deciders.text })}
        </Typography>
      )}
      {people.length > 0 && (
        <Typography variant="caption" component="p" className={classes.quiet}>
          {t('request.canDecide', {
            people:
              people.length < deciders.people
                ? `${people.join(', ')}, …`
                : people.join(', '),
          })}{' '}
          {!request.byCallgate &&
            t('request.ownRequest', { name: nameOf(t, requestedBy) })}
        </Typography>
      )}
      <ApprovalRulesLink />
    </div>
  );
}

/** Where several have to approve, those who still can; the needs say of whom they are. */
function stillToDecide(request: AccessRequest): {
  text?: string;
  people: number;
  names?: AccessRequest['deciders']['names'];
} {
  if (!hasManyNeeds(request)) {
    return request.deciders;
  }
  const open = request.needs.filter(need => need.open > 0);
  const names = new Map(
    open.flatMap(need => need.names).map(person => [person.ref, person]),
  );
  return {
    people: Math.max(names.size, ...open.map(({ people }) => people)),
    names: [...names.values()],
  };
}
