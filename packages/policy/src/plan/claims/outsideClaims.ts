import { CatalogEntity } from '../../model/types';
import { parseCidr } from '../../net/cidr';
import { BINDING } from '../bindEntity';
import { EstablishedEnds } from './establishedClaims';
import { haveOneOwner, Owners } from './Owners';
import {
  coversHost,
  OutsideOwners,
  OutsideTarget,
  overlap,
} from './outsideOwner';
import { Claimant, OutsideClaim } from './types';

interface Entry extends OutsideTarget {
  claimant: Claimant;
}

const words = (text: unknown) =>
  typeof text === 'string' ? text.split(/[\s,]+/).filter(part => part) : [];

/** What an entity says of itself about the world outside. */
export function outsideTargets(
  { metadata }: CatalogEntity,
  blocks: readonly string[],
): OutsideTarget[] {
  const annotations = metadata.annotations ?? {};
  return [
    ...blocks.flatMap(target => {
      const range = parseCidr(target);
      return range ? [{ kind: 'addresses' as const, target, range }] : [];
    }),
    ...words(annotations[BINDING.identity]).map(target => ({
      kind: 'identity' as const,
      target,
    })),
    ...words(annotations[BINDING.hosts]).map(target => ({
      kind: 'host' as const,
      target: target.toLowerCase(),
    })),
  ];
}

function meet(a: OutsideTarget, b: OutsideTarget): boolean {
  if (a.kind !== b.kind) return false;
  if (a.range && b.range) return overlap(a.range, b.range);
  if (a.kind === 'host')
    return coversHost(a.target, b.target) || coversHost(b.target, a.target);
  return a.target === b.target;
}

/**
 * Decides claims on addresses, identities and names of hosts as those on workloads are: what the profile states goes first, then
 * what was approved; of several owners without either nobody holds.
 */
export function decideOutside(
  targets: ReadonlyMap<string, readonly OutsideTarget[]>,
  owners: Owners,
  stated: OutsideOwners,
  established?: () => EstablishedEnds,
): Map<string, OutsideClaim[]> {
  const entries = [...targets].flatMap(([ref, list]): Entry[] =>
    list.map(target => ({ ...target, claimant: owners.claimant(ref) })),
  );
  const isEstablished = ({ claimant, range }: Entry) =>
    range !== undefined &&
    established !== undefined &&
    established().hasBlock(claimant.entity, range);
  const claims = new Map<string, OutsideClaim[]>();
  for (const entry of entries) {
    const { claimant, kind, target } = entry;
    const others = entries.filter(
      each => each.claimant !== claimant && meet(each, entry),
    );
    const claimants = [
      ...new Map(
        [entry, ...others].map(each => [each.claimant.entity, each.claimant]),
      ).values(),
    ].sort((a, b) => (a.entity < b.entity ? -1 : 1));
    const covers = stated.coveredBy(entry);
    const claim: OutsideClaim = {
      ...claimant,
      kind,
      target,
      claimants,
      ...(covers !== undefined && { covers }),
      ...decide(entry, others, claimants, {
        owners,
        isRefused: covers !== undefined,
        stated: stated.of(entry),
        isEstablished,
      }),
    };
    claims.set(claimant.entity, [
      ...(claims.get(claimant.entity) ?? []),
      claim,
    ]);
  }
  return claims;
}

function decide(
  entry: Entry,
  others: readonly Entry[],
  claimants: readonly Claimant[],
  known: {
    owners: Owners;
    isRefused: boolean;
    stated: readonly string[];
    isEstablished: (entry: Entry) => boolean;
  },
): Pick<OutsideClaim, 'state' | 'owner'> {
  const own = entry.claimant.owners;
  if (known.isRefused) return { state: 'refused' };
  if (known.stated.length > 0) {
    const strange = known.stated.find(
      owner => !known.owners.include(own, owner),
    );
    const ref = strange ?? known.stated[0];
    return {
      state: strange === undefined ? 'holds' : 'refused',
      owner: { ref, statedBy: 'profile' },
    };
  }
  if (haveOneOwner(claimants)) return { state: 'holds' };
  if (known.isEstablished(entry))
    return {
      state: 'holds',
      owner: { ref: own[0] ?? entry.claimant.entity, statedBy: 'established' },
    };
  const holder = others.find(known.isEstablished);
  if (!holder) return { state: 'contested' };
  const { owners, entity } = holder.claimant;
  return {
    state: owners.some(owner => own.includes(owner)) ? 'holds' : 'refused',
    owner: { ref: owners[0] ?? entity, statedBy: 'established' },
  };
}
