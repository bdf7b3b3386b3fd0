import { defaultPlatformProfile } from '../defaultPlatformProfile';
import { PlatformProfile } from '../types';
import { FoundField } from './Evidence';

/** Lists of which several objects may each say a part. */
export const LISTS: ReadonlySet<FoundField> = new Set<FoundField>([
  'network.podCidrs',
  'network.nodeCidrs',
  'network.serviceCidrs',
  'dns',
  'controlPlane',
]);

/** What a profile has in a field. */
export function valueIn(profile: PlatformProfile, field: FoundField): unknown {
  const [group, name] = field.split('.');
  switch (group) {
    case 'mesh':
    case 'cni':
    case 'network':
      return new Map<string, unknown>(Object.entries(profile[group])).get(name);
    default:
      return new Map<string, unknown>(Object.entries(profile)).get(field);
  }
}

/** The profile with another value in a field. */
export function withValue(
  profile: PlatformProfile,
  field: FoundField,
  value: unknown,
): PlatformProfile {
  const [group, name] = field.split('.');
  switch (group) {
    case 'mesh':
    case 'cni':
    case 'network':
      return { ...profile, [group]: { ...profile[group], [name]: value } };
    default:
      return { ...profile, [field]: value };
  }
}

/** May a field be filled from the estate? Not where somebody stated it, or it was found before. */
export function isOpen(profile: PlatformProfile, field: FoundField): boolean {
  if (profile.found.some(each => each.field === field)) return false;
  if (profile.stated.some(each => each.field === field)) return false;
  const defaults = defaultPlatformProfile(profile.name);
  if (defaults.guesses.includes(field)) return profile.guesses.includes(field);
  // Profiles made by code have no list of what is stated.
  const [own, usual] = [profile, defaults].map(each =>
    JSON.stringify(valueIn(each, field)),
  );
  return own === usual;
}
