import { withoutGenerated } from '../compile/generatedObjects';
import { Bindings } from '../plan/claims/Bindings';
import { CatalogIndex } from '../plan/CatalogIndex';
import { carrierOf } from '../estate/carrierOf';
import type { Cluster } from '../estate/types';
import type { Isolation } from '../plan/types';
import { answerOr } from '../requestset/budget';
import { DeclaredAccess } from '../verify/DeclaredAccess';
import { describeRequests } from '../verify/describeRequests';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import type {
  CutCaller,
  CutReason,
  MeaningFlip,
  MeaningInput,
  PolicyState,
} from './types';
import { clustersOf } from './worldOf';

/**
 * Workloads of the API, and callers of it with closed egress, that the change
 * closes, with everyone who loses access by it.
 *
 * What was closed before is asked of the manifests, not of the declarations:
 * where generated files are missing or were changed by hand, the next proposal
 * writes them again, and whoever it cuts by that has to be shown.
 */
export function findFlips(input: MeaningInput): MeaningFlip[] {
  return isolationsOf(input.after, input.api).flatMap(isolation => {
    const { cluster, workload, direction } = isolation;
    const [before, after] = [input.before, input.after].map(state =>
      clustersOf(state).find(({ name }) => name === cluster),
    );
    if (!before || !after) {
      return [];
    }
    const layers = closedLayers(isolation, before, after);
    const cut = layers.length > 0 ? cutBy(isolation, before, after, input) : [];
    return layers.map(layer => ({
      cluster,
      workload: workload.id,
      direction,
      layer,
      cut,
    }));
  });
}

/** The layers that leave less open to anybody than before. */
function closedLayers(
  { workload, direction, layers }: Isolation,
  before: Cluster,
  after: Cluster,
): ('kernel' | 'identity')[] {
  return (['kernel', 'identity'] as const).filter(layer => {
    const [was, is] = [before, after].map(cluster =>
      EffectiveAccessIndex.settled(cluster).openTo(
        workload.id,
        direction,
        layer,
      ),
    );
    // What cannot be compared may have been closed: a flip is rather told too often.
    const closes = () => !was.subtract(is).isEmpty;
    return layers[layer] && answerOr(closes, () => true);
  });
}

function isolationsOf(state: PolicyState, api: string): Isolation[] {
  const { plan } = state.compilation;
  const callers = new Set(
    plan.edges
      .filter(edge => edge.api === api)
      .map(({ cluster, from }) => `${cluster} ${from.id}`),
  );
  return plan.isolations.filter(
    ({ mode, direction, apis, cluster, workload }) =>
      mode === 'enforce' &&
      (direction === 'ingress'
        ? apis.includes(api)
        : callers.has(`${cluster} ${workload.id}`)),
  );
}

/**
 * Everyone who could call before and cannot after, in part or at all, sorted.
 * What a declaration granted and no longer does is told as lost, not as cut.
 */
function cutBy(
  { workload, direction }: Isolation,
  before: Cluster,
  after: Cluster,
  input: MeaningInput,
): CutCaller[] {
  const [was, is] = [before, after].map(EffectiveAccessIndex.settled);
  const [granted, grants] = [input.before, input.after].map(({ compilation }) =>
    DeclaredAccess.of(compilation.plan, after),
  );
  const pairs =
    direction === 'ingress' ? was.into(workload.id) : was.outOf(workload.id);
  const cut: CutCaller[] = [];
  for (const pair of pairs) {
    const { from, to, possible } = pair;
    const example = answerOr(
      () => {
        const withdrawn = granted
          .requests(from, to)
          .subtract(grants.requests(from, to));
        const kept = is.like(pair).possible;
        const lost = possible.subtract(kept).subtract(withdrawn);
        return lost.isEmpty ? undefined : describeRequests(lost);
      },
      () => 'more patterns than can be compared exactly',
    );
    const other = direction === 'ingress' ? from : to;
    const carrier = carrierOf(before, other);
    if (example !== undefined)
      cut.push({
        workload: other,
        outside: pair.outside !== undefined,
        ...(carrier && { carrier }),
        ...whoIs(other, before, input),
        example,
      });
  }
  return cut.sort((a, b) => (a.workload < b.workload ? -1 : 1));
}

/** Whose a workload is, and why that is worth telling. */
export function whoIs(
  workload: string,
  cluster: Cluster,
  { catalog, api, after }: MeaningInput,
): { entities: string[]; reasons: CutReason[] } {
  const index = CatalogIndex.of(catalog);
  // Without declarations what only approvals decide is contested: rather a name too many than one too few.
  const bindings = Bindings.undecided({
    catalog,
    clusters: after.clusters.map(withoutGenerated),
  });
  const entities = bindings
    .on(cluster.name, workload)
    .filter(({ state }) => state !== 'refused')
    .map(({ entity }) => entity);
  const consumers = index.consumersOf(api);
  return {
    entities,
    reasons: entities.some(ref => consumers.includes(ref))
      ? ['consumes-api', 'allowed-today']
      : ['allowed-today'],
  };
}
