import { AddressSet } from '../../net/AddressSet';
import { PlatformProfile, ProfilePeer } from '../types';
import { FoundField, Sighting } from './Evidence';
import { valueIn } from './fields';

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Every address found is one of those stated: somebody may well state more. */
function coversAddresses(stated: unknown, found: unknown): boolean {
  return AddressSet.ofCidrs(texts(found)).subtract(
    AddressSet.ofCidrs(texts(stated)),
  ).isEmpty;
}

/** 1.30 is a way to write 1.30.2, which may be written with its variant. */
function isSameVersion(stated: unknown, found: unknown): boolean {
  const [a, b] = [stated, found].map(text => `${text}`.replace(/^v/, ''));
  return a === b || b.startsWith(`${a}.`) || a.startsWith(`${b}-`);
}

function hasPorts(stated: ProfilePeer, found: ProfilePeer): boolean {
  return found.ports.every(({ port, endPort = port, protocol }) =>
    stated.ports.some(
      each =>
        each.protocol === protocol &&
        each.port <= port &&
        endPort <= (each.endPort ?? each.port),
    ),
  );
}

/** May the stated peer stand for the one found? Yes, where its fields cannot be compared. */
function coversPeer(stated: ProfilePeer, found: ProfilePeer): boolean {
  if (!hasPorts(stated, found)) return false;
  if (found.cidrs) {
    return (
      stated.cidrs !== undefined && coversAddresses(stated.cidrs, found.cidrs)
    );
  }
  if (stated.namespace === undefined) return true;
  const labels = Object.entries(stated.podLabels ?? {});
  return (
    stated.namespace === found.namespace &&
    labels.every(([key, text]) => (found.podLabels?.[key] ?? text) === text)
  );
}

function coversPeers(stated: unknown, found: unknown): boolean {
  return (found as readonly ProfilePeer[]).every(each =>
    (stated as readonly ProfilePeer[]).some(own => coversPeer(own, each)),
  );
}

const COMPARE: Partial<
  Record<FoundField, (stated: unknown, found: unknown) => boolean>
> = {
  'mesh.istioVersion': isSameVersion,
  'mesh.ztunnelVersion': isSameVersion,
  'mesh.trustDomainAliases': (stated, found) =>
    `${texts(stated).sort()}` === `${texts(found).sort()}`,
  'cni.name': isSamePlugin,
  'network.podCidrs': coversAddresses,
  'network.nodeCidrs': coversAddresses,
  'network.serviceCidrs': coversAddresses,
  dns: coversPeers,
  controlPlane: coversPeers,
  probes: coversPeers,
};

/** People write calico for tigera-calico, aws for aws-vpc-cni. */
export function isSamePlugin(stated: unknown, found: unknown): boolean {
  return words(stated).some(word => words(found).includes(word));
}

function words(name: unknown): string[] {
  return `${name}`.toLowerCase().match(/[a-z]+/g) ?? [];
}

/**
 * Whether what a profile states and what an object says can both be true. An
 * empty list states that there is nothing to say.
 */
export function agrees(
  profile: PlatformProfile,
  { field, value }: Sighting,
): boolean {
  const stated = valueIn(profile, field);
  if (Array.isArray(stated) && stated.length === 0) return true;
  return COMPARE[field]?.(stated, value) ?? stated === value;
}
