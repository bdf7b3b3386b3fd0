import { Cluster, Workload } from '../estate/types';
import { fenced } from '../fence';
import { readEntity } from '../model/readEntity';
import { CatalogEntity } from '../model/types';
import { asBlock, parseCidr } from '../net/cidr';
import { parseLabelSelectorText } from './labelSelector';
import type { Claim, OutsideClaim } from './claims/types';
import {
  KUBERNETES_ID,
  workloadsIn,
  workloadsWithKubernetesId,
} from './workloadIndex';

/**
 * The annotations that bind entities to workloads.
 *
 * @public
 */
export const BINDING = {
  id: KUBERNETES_ID,
  selector: 'backstage.io/kubernetes-label-selector',
  namespace: 'backstage.io/kubernetes-namespace',
  cluster: 'backstage.io/kubernetes-cluster',
  addresses: 'callgate.dev/addresses',
  identity: 'callgate.dev/identity',
  hosts: 'callgate.dev/hosts',
} as const;

/**
 * What an entity stands for in the estate.
 *
 * `host`: something outside the pods, and which kind. `missing`: no annotation says. `invalid`: one says it in a way that
 * cannot be read. `not-held`: what the annotations say is somebody else's, or several owners claim it.
 *
 * @public
 */
export type Binding =
  | {
      kind: 'workloads';
      workloads: Workload[];
      /** Claims on further workloads that do not hold. */
      leftOut?: readonly Claim[];
      /** Of some workload it is stated, or was approved, that it is the entity's; absent where no claim was left out. */
      owned?: boolean;
    }
  | { kind: 'not-held'; claims: readonly (Claim | OutsideClaim)[] }
  | {
      kind: 'host';
      row: 'host-outside' | 'saas';
      /** blocks of `callgate.dev/addresses`, for one that is known by them; empty where none can be read */
      addresses?: string[];
    }
  | { kind: 'missing' }
  | { kind: 'invalid'; reason: string }
  | { kind: 'nothing'; looked: string };

/** Something outside the cluster; without addresses in the form of CIDRs or single addresses it cannot be told from others. */
function hostOutside(annotations: Record<string, string>): Binding {
  const text = annotations[BINDING.addresses];
  if (text === undefined) return { kind: 'host', row: 'host-outside' };
  const parts = text.split(/[\s,]+/).filter(part => part !== '');
  const blocks = parts.map(asBlock);
  const wrong = parts.filter((_, index) => !parseCidr(blocks[index]));
  if (wrong.length > 0 || blocks.length === 0)
    return {
      kind: 'invalid',
      reason: `${BINDING.addresses}: "${wrong.join(
        ' ',
      )}" is neither an address nor a block of addresses`,
    };
  return { kind: 'host', row: 'host-outside', addresses: blocks };
}

/** A longer text is no annotation that a person wrote, and would take long to look through. */
const MAX_ANNOTATION = 10_000;

/** Which annotations of an entity cannot be read: left out, one could mean more than it says, so nothing is bound. */
function annotationProblem(
  annotations: Record<string, string>,
  problems: ReturnType<typeof readEntity>['problems'],
): string | undefined {
  const odd = problems.find(({ field }) =>
    field.startsWith('metadata.annotations'),
  );
  if (odd) return `${odd.field} ${odd.text}`;
  const long = Object.values(BINDING).find(
    key => (annotations[key]?.length ?? 0) > MAX_ANNOTATION,
  );
  return long && `${long} has more than ${MAX_ANNOTATION} characters`;
}

/**
 * What an entity claims by its annotations, whoever owns it: for {@link Bindings} alone, which says what of it holds.
 *
 * Workloads are those whose own labels or pod labels fit `backstage.io/kubernetes-label-selector` or, without one, carry
 * `backstage.io/kubernetes-id`, within the namespace and cluster that the entity names, if any. A selector that asks for
 * something not to be there is about the labels of the pods: those of the object rarely say anything.
 */
export function bindEntity(
  entity: CatalogEntity,
  clusters: readonly Cluster[],
): Binding {
  return fenced(
    (): Binding => {
      const { entity: read, problems } = readEntity(entity);
      const annotations = read?.metadata.annotations ?? {};
      const reason = annotationProblem(annotations, problems);
      return reason === undefined
        ? bindBy(annotations, clusters)
        : { kind: 'invalid', reason };
    },
    () => ({
      kind: 'invalid',
      reason: 'its annotations have a form that is not known',
    }),
  );
}

function bindBy(
  annotations: Record<string, string>,
  clusters: readonly Cluster[],
): Binding {
  // What is reached by name and says where it is can be opened by its addresses.
  if (annotations[BINDING.hosts] !== undefined)
    return annotations[BINDING.addresses] === undefined
      ? { kind: 'host', row: 'saas' }
      : hostOutside(annotations);
  const id = annotations[BINDING.id];
  const text = annotations[BINDING.selector];
  if (id === undefined && text === undefined) {
    const outside =
      annotations[BINDING.addresses] ?? annotations[BINDING.identity];
    return outside === undefined
      ? { kind: 'missing' }
      : hostOutside(annotations);
  }
  const selector =
    text === undefined ? undefined : parseLabelSelectorText(text);
  if (text !== undefined && !selector)
    return {
      kind: 'invalid',
      reason: `${BINDING.selector}: "${text}" is not a label selector`,
    };
  const namespace = annotations[BINDING.namespace];
  const cluster = annotations[BINDING.cluster];
  const inScope = clusters.filter(
    ({ name }) => cluster === undefined || name === cluster,
  );
  const fitting = (each: Cluster) =>
    selector
      ? workloadsIn(each, namespace).filter(({ podLabels, labels }) =>
          [podLabels, ...(selector.isNegative ? [] : [labels])].some(
            selector.fits,
          ),
        )
      : workloadsWithKubernetesId(each, id ?? '').filter(() => id !== '');
  const workloads = inScope.flatMap(each =>
    fitting(each).filter(
      workload => namespace === undefined || workload.namespace === namespace,
    ),
  );
  if (workloads.length > 0) return { kind: 'workloads', workloads };
  if (annotations[BINDING.addresses] !== undefined)
    return hostOutside(annotations);
  const what =
    text === undefined
      ? `the label ${BINDING.id}: ${id}`
      : `labels that fit "${text}"`;
  const where = [
    namespace !== undefined ? ` in namespace ${namespace}` : '',
    cluster !== undefined ? ` of cluster ${cluster}` : '',
  ].join('');
  return { kind: 'nothing', looked: what + where };
}
