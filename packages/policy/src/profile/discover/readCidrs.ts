import { asArray } from '../../estate/json';
import { Path } from '../../estate/fieldPath';
import { ManifestObject } from '../../estate/types';
import { parseCidr } from '../../net/cidr';
import { Evidence } from './Evidence';

/** CIDRs of a field that should be a list of them. One that is none is a finding, and nothing of the list is believed. */
export function readCidrs(
  value: unknown,
  manifest: ManifestObject,
  path: Path,
  evidence: Evidence,
): string[] {
  if (value === undefined || value === null) return [];
  const cidrs = asArray(value).filter(
    (each): each is string =>
      typeof each === 'string' && parseCidr(each) !== undefined,
  );
  if (Array.isArray(value) && cidrs.length === value.length) return cidrs;
  evidence.notReadable(manifest, path, 'is no list of CIDRs.');
  return [];
}
