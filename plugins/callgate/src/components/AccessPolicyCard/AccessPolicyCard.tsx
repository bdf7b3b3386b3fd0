import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import {
  ANNOTATION_NOT_READABLE,
  type ApiAccess,
} from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { useLoaded, useReloadOnChange } from '../../hooks';
import { useEntityPath } from '../../routing';
import { useText } from '../../translation';
import {
  accentText,
  EdgeTable,
  EstateNotice,
  FindingList,
  Panel,
  Problem,
  quietText,
  Status,
} from '../marks';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  link: { color: accentText(theme), fontWeight: 600 },
  quiet: { color: quietText(theme) },
}));

/** The grants of an AccessPolicy, each as its API's page shows it, or what is wrong with the declaration. */
export function AccessPolicyCard() {
  const { entity } = useEntity();
  const classes = useStyles();
  const t = useText();
  const entityPath = useEntityPath();
  const api = apiOf(entity);
  const unreadable = entity.metadata.annotations?.[ANNOTATION_NOT_READABLE];
  const path = api && entityPath(api, 'access');
  return (
    <Panel
      title={t('policyCard.title')}
      actions={
        path && (
          <Typography variant="body2">
            <Link to={path} className={classes.link}>
              {t('policyCard.whoCan')}
            </Link>
          </Typography>
        )
      }
    >
      {unreadable !== undefined && (
        <>
          <Problem
            title={t('policyCard.unreadable')}
            error={new Error(unreadable)}
          />
          <Typography variant="body2">{t('policyCard.mend')}</Typography>
        </>
      )}
      {unreadable === undefined && !api && (
        <Typography variant="body2">{t('policyCard.noApi')}</Typography>
      )}
      {unreadable === undefined && api && <Grants api={api} />}
    </Panel>
  );
}

function Grants({ api }: { api: string }) {
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const t = useText();
  const loaded = useLoaded(api, signal =>
    callgate.getApiAccess(api, { signal }),
  );
  useReloadOnChange(loaded.reload, { withEstate: true });
  return (
    <Status loaded={loaded} failed={t('policyCard.failed')}>
      {access => (
        <div className={classes.root}>
          <EstateNotice source={access.source} reload={loaded.reload} />
          <FindingList findings={errorsOf(access)} fold />
          <GrantRows access={access} />
        </div>
      )}
    </Status>
  );
}

function GrantRows({ access }: { access: ApiAccess }) {
  const classes = useStyles();
  const t = useText();
  const granted = access.callers.filter(({ grants }) => grants.length > 0);
  return granted.length === 0 ? (
    <Typography variant="body2" className={classes.quiet}>
      {t('policyCard.none')}
    </Typography>
  ) : (
    <EdgeTable
      edges={granted}
      end="caller"
      label={t('policyCard.title')}
      actions={() => undefined}
    />
  );
}

function errorsOf({ findings }: ApiAccess) {
  return findings.filter(({ severity }) => severity === 'error');
}

/** The API of a declaration, in full; `undefined` where it names none. */
function apiOf(entity: ReturnType<typeof useEntity>['entity']) {
  const api = entity.spec?.api;
  if (typeof api !== 'string') return undefined;
  try {
    return stringifyEntityRef(
      parseEntityRef(api, {
        defaultKind: 'api',
        defaultNamespace: entity.metadata.namespace ?? 'default',
      }),
    );
  } catch {
    return undefined;
  }
}
