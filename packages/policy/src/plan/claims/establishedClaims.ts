import { AddressRange, parseCidr } from '../../net/cidr';
import { PairRecall } from '../../Recall';
import { parseCallerRef } from '../../model/callerRef';
import { parsePinnedEnd, PinnedEnd } from '../../model/pinnedEnd';
import { Workload } from '../../estate/types';
import { AccessPolicy, Grant } from '../../model/types';
import { CatalogIndex } from '../CatalogIndex';
import { Declarations, providersOf } from './providers';

/** An entity with an end that was approved for it. */
interface EstablishedEnd {
  entity: string;
  end: PinnedEnd;
}

const known = new PairRecall<CatalogIndex, AccessPolicy, EstablishedEnd[]>();

const endsOf = (texts: readonly string[] = []) =>
  texts.flatMap(text => parsePinnedEnd(text) ?? []);

/** The entity that a grant names by itself. Members of sets come and go by what they say of themselves. */
function callerOf(grant: Grant, policy: AccessPolicy): string[] {
  const caller = parseCallerRef(grant.caller, policy.metadata.namespace);
  return caller?.kind === 'entity' ? [caller.ref] : [];
}

function establishedBy(
  catalog: CatalogIndex,
  policy: AccessPolicy,
): EstablishedEnd[] {
  const { api, grants, providers = [] } = policy.spec;
  const pinned = grants.filter(({ ends }) => ends !== undefined);
  if (pinned.length === 0) return [];
  const { counted } = providersOf(catalog, api, providers);
  return pinned.flatMap(grant =>
    [
      { entities: callerOf(grant, policy), texts: grant.ends?.caller },
      { entities: counted, texts: grant.ends?.provider },
    ].flatMap(({ entities, texts }) =>
      endsOf(texts).flatMap(end => entities.map(entity => ({ entity, end }))),
    ),
  );
}

const accountKey = (cluster: string, namespace: string, account: string) =>
  `${cluster}:${namespace}/${account}`;

/**
 * What was approved and merged through claims: Git says so, by the ends that grants pin. Asked only where nobody states
 * whose something is.
 */
export class EstablishedEnds {
  readonly #byAccount = new Map<string, EstablishedEnd[]>();
  readonly #addresses: EstablishedEnd[] = [];

  constructor(catalog: CatalogIndex, policies: Declarations) {
    for (const { policy } of policies)
      for (const each of known.get(catalog, policy, () =>
        establishedBy(catalog, policy),
      )) {
        const { end } = each;
        if (end.kind === 'addresses') {
          this.#addresses.push(each);
          continue;
        }
        const key = accountKey(end.cluster, end.namespace, end.serviceAccount);
        const there = this.#byAccount.get(key);
        if (there) there.push(each);
        else this.#byAccount.set(key, [each]);
      }
  }

  /** Entities for which a workload was approved. */
  on(workload: Workload): Set<string> {
    const { cluster, namespace, serviceAccount, podLabels } = workload;
    const key = accountKey(cluster, namespace, serviceAccount);
    return new Set(
      (this.#byAccount.get(key) ?? [])
        .filter(
          ({ end }) =>
            end.kind === 'account' &&
            Object.entries(end.selector ?? {}).every(
              ([label, value]) => podLabels[label] === value,
            ),
        )
        .map(({ entity }) => entity),
    );
  }

  /** Whether a block, or one around it, was approved for an entity. */
  hasBlock(entity: string, range: AddressRange): boolean {
    return this.#addresses.some(each => {
      const pinned =
        each.entity === entity && each.end.kind === 'addresses'
          ? parseCidr(each.end.cidr)
          : undefined;
      return (
        pinned !== undefined &&
        pinned.family === range.family &&
        pinned.from <= range.from &&
        range.to <= pinned.to
      );
    });
  }
}
