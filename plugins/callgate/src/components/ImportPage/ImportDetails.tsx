import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ApiImport,
  ImportObject,
  ImportPolicy,
  ImportSummary,
} from '@callgate/plugin-callgate-common';
import { type ReactNode, useState } from 'react';
import { callgateApiRef } from '../../api';
import { useLoaded } from '../../hooks';
import { useText } from '../../translation';
import {
  Badge,
  EntityName,
  FileList,
  MONO,
  quietGround,
  quietText,
  Status,
} from '../marks';
import { ImportDialog } from './ImportDialog';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    marginTop: theme.spacing(1.5),
    padding: theme.spacing(2),
    borderRadius: theme.shape.borderRadius,
    backgroundColor: quietGround(theme),
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  title: { fontSize: theme.typography.pxToRem(14), fontWeight: 600 },
  list: {
    display: 'grid',
    gap: theme.spacing(1),
    margin: theme.spacing(0.5, 0, 0),
    padding: 0,
    listStyle: 'none',
    minWidth: 0,
  },
  quiet: { color: quietText(theme) },
  mono: { fontFamily: MONO, fontSize: theme.typography.pxToRem(12) },
}));

/** Everything that is to be read of one API before it is chosen. */
export function ImportDetails(props: {
  id: string;
  item: ImportSummary;
  /** A pull request was asked for. */
  onOpened: () => void;
}) {
  const { id, item, onOpened } = props;
  const { api, state, digest = '' } = item;
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const t = useText();
  const loaded = useLoaded(`${api.ref} ${state} ${digest}`, signal =>
    callgate.getImport(api.ref, { signal }),
  );
  return (
    <div id={id} className={classes.root}>
      <Status loaded={loaded} failed={t('imports.oneFailed')}>
        {found => (
          <Details
            found={found}
            onOpened={() => {
              loaded.reload();
              onOpened();
            }}
          />
        )}
      </Status>
    </div>
  );
}

function Details(props: { found: ApiImport; onOpened: () => void }) {
  const { found, onOpened } = props;
  const { items, byHand, proposed, changes, later, openIn } = found;
  const { policies, inForce, files } = found;
  const classes = useStyles();
  const t = useText();
  const nothing =
    [items, byHand, proposed, changes, later, openIn, policies, files].every(
      each => each.length === 0,
    ) && found.reason;
  return (
    <>
      {nothing && <Typography variant="body2">{nothing}</Typography>}
      {openIn.length > 0 && (
        <Typography variant="body2">
          {t('imports.openIn', { clusters: openIn.join(', ') })}
        </Typography>
      )}
      <Part title={t('imports.grantsTitle')} count={items.length}>
        {items.map(({ id, caller, operations, clusters, gaps, from }) => (
          <li key={id}>
            <Typography variant="body2" component="div">
              {caller ? <EntityName entity={caller} /> : t('imports.self')}:{' '}
              <span className={classes.mono}>{operations.join(', ')}</span>{' '}
              {clusters.length > 0 &&
                t('imports.in', { clusters: clusters.join(', ') })}
            </Typography>
            {gaps.map(gap => (
              <Typography key={gap} variant="body2">
                {t('imports.gap', { gap })}
              </Typography>
            ))}
            <Origins from={from} />
          </li>
        ))}
      </Part>
      <Part
        title={t('imports.keptTitle')}
        help={t('imports.keptHelp')}
        count={byHand.length}
      >
        {byHand.map(({ caller, reason, access, from }, index) => (
          <li key={`${caller.ref} ${index}`}>
            <Typography variant="body2" component="div">
              <EntityName entity={caller} plain />:{' '}
              <span className={classes.mono}>{access}</span> ({reason})
            </Typography>
            <Origins from={from} />
          </li>
        ))}
      </Part>
      <Part title={t('imports.changesTitle')} count={changes.length}>
        {changes.map(change => (
          <Typography key={change} variant="body2" component="li">
            {change}
          </Typography>
        ))}
      </Part>
      <Part title={t('imports.laterTitle')} count={later.length}>
        {later.map(place => (
          <Typography
            key={`${place.cluster} ${place.namespace}`}
            variant="body2"
            component="li"
          >
            {t('imports.later', { ...place })}
          </Typography>
        ))}
      </Part>
      <Part
        title={t('imports.proposedTitle')}
        help={t('imports.proposedHelp')}
        count={proposed.length}
      >
        {proposed.map(({ caller, canCall }) => (
          <Typography key={caller.ref} variant="body2" component="li">
            <EntityName entity={caller} />,{' '}
            {t(canCall ? 'imports.canCall' : 'imports.cannotCall')}
          </Typography>
        ))}
      </Part>
      <Part
        title={t('imports.policiesTitle')}
        help={t(inForce ? 'imports.policiesNow' : 'imports.policiesLater')}
        count={policies.length}
      >
        {policies.map(policy => (
          <PolicyItem
            key={`${policy.cluster} ${policy.object}`}
            policy={policy}
            inForce={inForce}
          />
        ))}
      </Part>
      <Removal found={found} onOpened={onOpened} />
      {files.length > 0 && (
        <div>
          <Typography variant="h4" className={classes.title}>
            {t('imports.files')}
          </Typography>
          <FileList files={files} />
        </div>
      )}
    </>
  );
}

function Part(props: {
  title: string;
  help?: string;
  count: number;
  children: ReactNode;
}) {
  const { title, help, count, children } = props;
  const classes = useStyles();
  return count === 0 ? null : (
    <div>
      <Typography variant="h4" className={classes.title}>
        {title}
      </Typography>
      {help && (
        <Typography variant="body2" className={classes.quiet}>
          {help}
        </Typography>
      )}
      <ul className={classes.list}>{children}</ul>
    </div>
  );
}

/** The second step: has a pull request opened that deletes what can go. */
function Removal(props: { found: ApiImport; onOpened: () => void }) {
  const { found, onOpened } = props;
  const { removal } = found;
  const t = useText();
  const [isAsking, setAsking] = useState(false);
  if (!removal) return null;
  const { digest, choose } = removal;
  if (digest === undefined || !choose.allowed)
    return choose.reason === undefined ? null : (
      <Typography variant="body2">{choose.reason}</Typography>
    );
  return (
    <div>
      <Button
        variant="contained"
        color="primary"
        onClick={() => setAsking(true)}
      >
        {t('imports.removal.open')}
      </Button>
      {isAsking && (
        <ImportDialog
          removes
          items={[{ ...found, digest }]}
          onOpened={() => {}}
          onClose={() => {
            setAsking(false);
            onOpened();
          }}
          onCancel={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function PolicyItem(props: { policy: ImportPolicy; inForce: boolean }) {
  const { policy, inForce } = props;
  const { canGo, stays, goes, instead } = policy;
  const t = useText();
  return (
    <li>
      <Badge tone={canGo ? 'good' : 'quiet'}>
        {!canGo && t('imports.stays')}
        {canGo && t(inForce ? 'imports.canGoNow' : 'imports.canGo')}
      </Badge>{' '}
      {goes && <Badge tone="quiet">{t('imports.removal.goes')}</Badge>}{' '}
      <Origin origin={policy} />
      {stays !== undefined && stays !== '' && (
        <Typography variant="body2">
          {t('imports.because', { change: stays })}
        </Typography>
      )}
      {instead !== undefined && (
        <Typography variant="body2">{instead}</Typography>
      )}
    </li>
  );
}

function Origins({ from }: { from: readonly ImportObject[] }) {
  const classes = useStyles();
  const t = useText();
  return (
    <Typography variant="body2" component="div" className={classes.quiet}>
      {t('imports.from')} {from.length === 0 && t('imports.nothing')}
      {from.map((origin, index) => (
        <span key={`${origin.cluster} ${origin.object}`}>
          {index > 0 && ', '}
          <Origin origin={origin} />
        </span>
      ))}
    </Typography>
  );
}

/** An object with the place at which it stands. */
function Origin({ origin }: { origin: ImportObject }) {
  const { object, cluster, file, line } = origin;
  const classes = useStyles();
  const place = line === undefined ? file : `${file}:${line}`;
  return (
    <span className={classes.mono}>
      {object} ({[cluster, place].filter(Boolean).join(', ')})
    </span>
  );
}
