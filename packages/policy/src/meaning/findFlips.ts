import { bindEntity } from '../plan/bindEntity';
import { CatalogIndex } from '../plan/CatalogIndex';
import { entityRefOf } from '../model/entity';
import type { Cluster } from '../estate/types';
import type { Isolation } from '../plan/types';
import { RequestSet } from '../requestset/RequestSet';
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
 * Workloads of the API, and callers of it with closed egress, that were open
 * and are closed after the change, with everyone who loses access by it.
 */
export function findFlips(input: MeaningInput): MeaningFlip[] {
  const { before, after, api } = input;
  const known = new Set(
    isolationsOf(before, api).flatMap(isolation =>
      layersOf(isolation).map(layer => keyOf(isolation, layer)),
    ),
  );
  const flips: MeaningFlip[] = [];
  for (const isolation of isolationsOf(after, api)) {
    const layers = layersOf(isolation).filter(
      layer => isolation.flips[layer] && !known.has(keyOf(isolation, layer)),
    );
    const cut = layers.length > 0 ? cutBy(isolation, input) : [];
    for (const layer of layers) {
      flips.push({
        cluster: isolation.cluster,
        workload: isolation.workload.id,
        direction: isolation.direction,
        layer,
        cut,
      });
    }
  }
  return flips;
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

function layersOf({ layers }: Isolation): ('kernel' | 'identity')[] {
  return (['kernel', 'identity'] as const).filter(layer => layers[layer]);
}

function keyOf(
  { cluster, workload, direction }: Isolation,
  layer: string,
): string {
  return [cluster, workload.id, direction, layer].join(' ');
}

/** Everyone who could call before and cannot after, in part or at all. */
function cutBy(isolation: Isolation, input: MeaningInput): CutCaller[] {
  const { cluster, workload, direction } = isolation;
  const [before, after] = [input.before, input.after].map(state =>
    clustersOf(state).find(({ name }) => name === cluster),
  );
  if (!before || !after) {
    return [];
  }
  const now = pairs(after, workload.id, direction);
  const cut: CutCaller[] = [];
  for (const [other, had] of pairs(before, workload.id, direction)) {
    const lost = had.subtract(now.get(other) ?? RequestSet.empty);
    if (!lost.isEmpty) {
      cut.push({
        workload: other,
        ...whoIs(other, before, input),
        example: describeRequests(lost),
      });
    }
  }
  return cut.sort((a, b) => (a.workload < b.workload ? -1 : 1));
}

function pairs(
  cluster: Cluster,
  workload: string,
  direction: Isolation['direction'],
): Map<string, RequestSet> {
  const index = EffectiveAccessIndex.of(cluster);
  return direction === 'ingress'
    ? new Map(index.into(workload).map(pair => [pair.from, pair.possible]))
    : new Map(index.outOf(workload).map(pair => [pair.to, pair.possible]));
}

function whoIs(
  workload: string,
  cluster: Cluster,
  { catalog, api }: MeaningInput,
): { entities: string[]; reasons: CutReason[] } {
  const index = new CatalogIndex(catalog);
  const entities = catalog
    .filter(({ kind }) => /^(component|resource)$/i.test(kind))
    .filter(entity => {
      const binding = bindEntity(entity, [cluster]);
      return (
        binding.kind === 'workloads' &&
        binding.workloads.some(({ id }) => id === workload)
      );
    })
    .map(entityRefOf)
    .sort();
  const consumers = index.consumersOf(api);
  return {
    entities,
    reasons: entities.some(ref => consumers.includes(ref))
      ? ['consumes-api', 'allowed-today']
      : ['allowed-today'],
  };
}
