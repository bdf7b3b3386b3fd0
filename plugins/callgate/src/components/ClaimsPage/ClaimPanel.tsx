import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { WorkloadClaim } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { useText } from '../../translation';
import {
  CapabilityButton,
  EntityName,
  Panel,
  Problem,
  quietText,
} from '../marks';
import { Claimants } from './Claimants';
import { LineByHand } from './LineByHand';
import { OTHER, OwnerChoices } from './OwnerChoices';
import { SettlementBox } from './SettlementBox';
import { useSettle } from './useSettle';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), minWidth: 0 },
  title: { fontSize: theme.typography.body2.fontSize, fontWeight: 600 },
  quiet: { color: quietText(theme) },
  list: { margin: 0, paddingLeft: theme.spacing(2.5) },
}));

/** One workload that several claim, what waits for it, and what settles it. */
export function ClaimPanel(props: {
  claim: WorkloadClaim;
  onPrepared: (claim: WorkloadClaim) => void;
  onMerged: (claim: WorkloadClaim) => void;
  reload: () => void;
}) {
  const { claim, onPrepared, onMerged, reload } = props;
  const { workload, cluster, settlement, settle: may, line } = claim;
  const classes = useStyles();
  const t = useText();
  const settle = useSettle(claim, {
    prepared: onPrepared,
    merged: onMerged,
    reload,
  });
  const known = settlement?.owner?.ref;
  const isListed = claim.choices.some(({ owner }) => owner.ref === known);
  const [owner, setOwner] = useState<string | undefined>(
    known === undefined || isListed ? known : OTHER,
  );
  const [other, setOther] = useState(isListed ? '' : known ?? '');
  const chosen = owner === OTHER ? other.trim() : owner;
  const isDone = settlement?.current === true && chosen === known;
  return (
    <Panel title={t('claims.where', { workload, cluster })}>
      <div className={classes.root}>
        <Stated claim={claim} />
        <Claimants parties={claim.parties} />
        <Concerns claim={claim} />
        {settle.error && (
          <Problem title={t('claims.actionFailed')} error={settle.error} />
        )}
        {claim.choices.length > 0 && (
          <OwnerChoices
            choices={claim.choices}
            disabled={!may.allowed || settle.busy}
            owner={owner}
            other={other}
            onOwner={setOwner}
            onOther={setOther}
          />
        )}
        <div>
          <CapabilityButton
            variant={settlement ? 'outlined' : 'contained'}
            color="primary"
            capability={
              may.allowed && !chosen
                ? { allowed: false, reason: t('claims.choose') }
                : may
            }
            disabled={settle.busy || isDone}
            onClick={() => chosen && settle.prepare(chosen)}
          >
            {t(settlement ? 'claims.change' : 'claims.prepare')}
          </CapabilityButton>
        </div>
        {settle.busy && (
          <Typography variant="body2" role="status">
            {t('claims.busy')}
          </Typography>
        )}
        {settlement && (
          <SettlementBox settlement={settlement} settle={settle} />
        )}
        {line && (
          <LineByHand
            line={line}
            where={t('claims.byHandIn', { field: 'owners', cluster })}
          />
        )}
      </div>
    </Panel>
  );
}

/** Whose it is, where that is known: of what was approved for others, or what somebody states. */
export function Stated({ claim }: { claim: WorkloadClaim }) {
  const t = useText();
  const { owner, statedBy } = claim;
  if (!owner || !statedBy) {
    return null;
  }
  return (
    <Typography variant="body2">
      {t('claims.belongsTo', {
        owner: <EntityName entity={owner} />,
        statedBy: t(`claims.statedBy.${statedBy}`),
      })}
    </Typography>
  );
}

function Concerns({ claim }: { claim: WorkloadClaim }) {
  const classes = useStyles();
  const t = useText();
  if (claim.concerns.length === 0) {
    return (
      <Typography variant="body2" className={classes.quiet}>
        {t('claims.noConcerns')}
      </Typography>
    );
  }
  return (
    <div>
      <Typography variant="h4" className={classes.title}>
        {t('claims.concerns')}
      </Typography>
      <ul className={classes.list}>
        {claim.concerns.map(({ api, caller }) => (
          <Typography
            key={`${api.ref} ${caller?.ref}`}
            component="li"
            variant="body2"
          >
            {caller ? (
              t('claims.concernCaller', {
                caller: <EntityName entity={caller} />,
                api: <EntityName entity={api} tab="access" />,
              })
            ) : (
              <EntityName entity={api} tab="access" />
            )}
          </Typography>
        ))}
      </ul>
    </div>
  );
}
