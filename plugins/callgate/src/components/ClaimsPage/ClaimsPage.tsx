import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ClaimList,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import { useEffect, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { type Loaded, useLoaded, useReloadOnChange } from '../../hooks';
import { proposalsRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  EmptyList,
  nameOf,
  quietText,
  SourceLine,
  Status,
  toneColors,
} from '../marks';
import { Crumbs } from '../RequestPage';
import { ClaimPanel } from './ClaimPanel';
import { OutsidePanel, RefusedPanel } from './OtherClaims';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), maxWidth: 1000 },
  title: {
    margin: theme.spacing(0.5, 0, 1),
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.35,
  },
  quiet: { color: quietText(theme) },
  done: {
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    border: '1px solid',
    borderColor: toneColors(theme, 'good').border,
    backgroundColor: toneColors(theme, 'good').background,
    color: toneColors(theme, 'good').color,
    overflowWrap: 'anywhere',
    '&:empty': { display: 'none' },
  },
}));

/** Whose is what runs, where several say that it is theirs? For the platform team. */
export function ClaimsPage() {
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const loaded = useLoaded('claims', signal => callgate.getClaims({ signal }));
  useReloadOnChange(loaded.reload);
  return (
    <Status loaded={loaded} failed={t('claims.failed')} page>
      {list => <ClaimsView list={list} loaded={loaded} />}
    </Status>
  );
}

const keyOf = ({ cluster, workload }: WorkloadClaim) =>
  `${cluster} ${workload}`;

function ClaimsView(props: { list: ClaimList; loaded: Loaded<ClaimList> }) {
  const { list, loaded } = props;
  const classes = useStyles();
  const t = useText();
  const proposals = useOptionalRouteRef(proposalsRouteRef);
  const [done, setDone] = useState('');
  const doneRef = useRef<HTMLDivElement>(null);
  // What was merged takes its panel along: the focus goes on to what is said of it.
  useEffect(() => {
    if (done) {
      doneRef.current?.focus();
    }
  }, [done]);

  // What was approved for others may be somebody else's all the same: that is settled here as well.
  const settleable = [
    ...list.contested,
    ...list.refused.filter(({ choices }) => choices.length > 0),
  ];
  const refused = list.refused.filter(({ choices }) => choices.length === 0);
  const replace = (claim: WorkloadClaim) => {
    const put = (claims: WorkloadClaim[]) =>
      claims.map(each => (keyOf(each) === keyOf(claim) ? claim : each));
    loaded.replace({
      ...list,
      contested: put(list.contested),
      refused: put(list.refused),
    });
  };
  const settled = (claim: WorkloadClaim) => {
    const { workload, cluster, owner } = claim;
    setDone(
      t('claims.merged', {
        workload,
        cluster,
        owner: owner ? nameOf(t, owner) : '',
      }),
    );
    loaded.reload();
  };
  const { outside, unseen, source } = list;
  return (
    <div className={classes.root}>
      <header>
        <Crumbs
          list={t('pages.proposals')}
          path={proposals?.()}
          here={t('claims.crumb')}
        />
        <Typography variant="h2" className={classes.title}>
          {t('claims.title')}
        </Typography>
        <Typography variant="body2" className={classes.quiet}>
          {t('claims.help')}
        </Typography>
      </header>
      <div role="status" tabIndex={-1} ref={doneRef} className={classes.done}>
        {done}
      </div>
      {settleable.length === 0 && (
        <EmptyList title={t('claims.empty')} help={t('claims.emptyHelp')} />
      )}
      {settleable.map(claim => (
        <ClaimPanel
          key={keyOf(claim)}
          claim={claim}
          onPrepared={replace}
          onMerged={settled}
          reload={loaded.reload}
        />
      ))}
      {outside.length > 0 && <OutsidePanel claims={outside} />}
      {refused.length > 0 && <RefusedPanel claims={refused} />}
      {unseen > 0 && (
        <Typography variant="body2">
          {t('claims.unseen', { count: unseen })}
        </Typography>
      )}
      <Typography variant="caption" className={classes.quiet}>
        <SourceLine source={source} />
      </Typography>
    </div>
  );
}
