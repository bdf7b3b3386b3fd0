import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ClaimList,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import { useEffect, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import type { Loaded } from '../../hooks';
import { useText } from '../../translation';
import { EmptyList, nameOf, toneColors } from '../marks';
import { LoadedPage, SubPage } from '../SubPage';
import { ClaimPanel } from './ClaimPanel';
import { OutsidePanel, RefusedPanel } from './OtherClaims';

const useStyles = makeStyles(theme => ({
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
  return (
    <LoadedPage
      name="claims"
      load={signal => callgate.getClaims({ signal })}
      failed={t('claims.failed')}
    >
      {(list, loaded) => <ClaimsView list={list} loaded={loaded} />}
    </LoadedPage>
  );
}

const keyOf = ({ cluster, workload }: WorkloadClaim) =>
  `${cluster} ${workload}`;

function ClaimsView(props: { list: ClaimList; loaded: Loaded<ClaimList> }) {
  const { list, loaded } = props;
  const classes = useStyles();
  const t = useText();
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
    <SubPage
      under="proposals"
      crumb={t('claims.crumb')}
      title={t('claims.title')}
      help={t('claims.help')}
      source={source}
    >
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
    </SubPage>
  );
}
