import { Cluster } from '../../estate/types';
import { AddressRange, parseCidr } from '../../net/cidr';
import { formatEntityRef, parseEntityRefText } from '../../entityRef';
import { OutsideClaim } from './types';

/** What somebody claims outside the clusters. */
export interface OutsideTarget {
  kind: OutsideClaim['kind'];
  target: string;
  /** of a block of addresses */
  range?: AddressRange;
}

const holds = (outer: AddressRange, inner: AddressRange) =>
  outer.family === inner.family &&
  outer.from <= inner.from &&
  inner.to <= outer.to;

/** Whether two blocks have an address in common. */
export const overlap = (a: AddressRange, b: AddressRange) =>
  a.family === b.family && a.from <= b.to && b.from <= a.to;

const fullRef = (text: string) => {
  const parts = parseEntityRefText(text);
  return parts ? formatEntityRef(parts) : text;
};

/** Whether a name, which may begin with `*.`, stands for another one. */
export function coversHost(pattern: string, host: string): boolean {
  return (
    pattern === host ||
    (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)))
  );
}

interface OwnedBlock {
  range: AddressRange;
  owner: string;
}

/** Whose blocks, identities and names of hosts are, as the platform profiles state it. */
export class OutsideOwners {
  readonly #blocks: OwnedBlock[];
  readonly #names: { kind: string; name: string; owner: string }[];

  constructor(private readonly clusters: readonly Cluster[]) {
    const rules = clusters.flatMap(({ profile }) => profile.addresses);
    this.#blocks = rules.flatMap(({ cidrs = [], owner }) =>
      cidrs.flatMap(text => {
        const range = parseCidr(text);
        return range ? [{ range, owner: fullRef(owner) }] : [];
      }),
    );
    this.#names = rules.flatMap(({ identities = [], hosts = [], owner }) => [
      ...identities.map(name => ({
        kind: 'identity',
        name,
        owner: fullRef(owner),
      })),
      ...hosts.map(name => ({
        kind: 'host',
        name: name.toLowerCase(),
        owner: fullRef(owner),
      })),
    ]);
  }

  /**
   * The owners of a target, sorted: of a block, those of the smallest stated blocks around it, and those of stated blocks
   * inside it. Who claims it has to be each of them.
   */
  of({ kind, target, range }: OutsideTarget): string[] {
    const owners = range
      ? this.#ofBlock(range)
      : this.#names
          .filter(
            each =>
              each.kind === kind &&
              (kind === 'host'
                ? coversHost(each.name, target) || coversHost(target, each.name)
                : each.name === target),
          )
          .map(({ owner }) => owner);
    return [...new Set(owners)].sort();
  }

  /** Addresses of pods, nodes or Services that a block covers. */
  coveredBy({ range }: OutsideTarget): string | undefined {
    if (!range) return undefined;
    for (const { name, profile } of this.clusters) {
      const { podCidrs, nodeCidrs, serviceCidrs } = profile.network;
      for (const [what, blocks] of [
        ['pods', podCidrs],
        ['nodes', nodeCidrs],
        ['Services', serviceCidrs],
      ] as const)
        for (const text of blocks) {
          const inner = parseCidr(text);
          if (inner && holds(range, inner))
            return `${text}, addresses of ${what} in ${name}`;
        }
    }
    return undefined;
  }

  #ofBlock(range: AddressRange): string[] {
    const around = this.#blocks.filter(each => holds(each.range, range));
    const size = ({ range: { from, to } }: OwnedBlock) => to - from;
    const smallest = around.filter(each =>
      around.every(other => size(each) <= size(other)),
    );
    const inside = this.#blocks.filter(
      each => holds(range, each.range) && !holds(each.range, range),
    );
    return [...smallest, ...inside].map(({ owner }) => owner);
  }
}
