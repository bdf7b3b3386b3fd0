import { PathNormalization, PlatformProfile } from '../../profile/types';

const UNRESERVED = /[A-Za-z0-9\-._~]/;

function decodeUnreserved(path: string): string {
  return path.replace(/%([0-9a-fA-F]{2})/g, (whole, hex: string) => {
    const char = String.fromCharCode(parseInt(hex, 16));
    // What stays escaped keeps the case of its digits.
    return UNRESERVED.test(char) ? char : whole;
  });
}

function removeDots(path: string): string {
  const output: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    if (segment === '..') output.pop();
    if (segment === '.' || segment === '..') {
      if (isLast) output.push('');
    } else {
      output.push(segment);
    }
  });
  return `/${output.join('/')}`;
}

/**
 * The path as policies see it: without query and fragment, then normalised as
 * Envoy does for the mesh's setting (Istio `MeshConfig.ProxyPathNormalization`):
 * BASE resolves dots, unreserved escapes and backslashes, but neither `//` nor
 * `%2F` (docs/semantics.md, H7).
 */
export function normalizePath(raw: string, mode: PathNormalization): string {
  let path = raw.replace(/[?#].*$/s, '');
  if (mode === 'NONE' || !path.startsWith('/')) return path;
  if (mode === 'DECODE_AND_MERGE_SLASHES')
    path = path.replace(/%2f/gi, '/').replace(/%5c/gi, '\\');
  path = removeDots(decodeUnreserved(path.replaceAll('\\', '/')));
  return mode === 'BASE' ? path : path.replace(/\/{2,}/g, '/');
}

const MODES: readonly PathNormalization[] = [
  'NONE',
  'BASE',
  'MERGE_SLASHES',
  'DECODE_AND_MERGE_SLASHES',
];

/** Every form that the path may have: one, unless the setting is a guess and matters for it. */
export function normalForms(raw: string, profile: PlatformProfile): string[] {
  const stated = normalizePath(raw, profile.mesh.pathNormalization);
  if (!profile.guesses.includes('mesh.pathNormalization')) return [stated];
  return [...new Set([stated, ...MODES.map(mode => normalizePath(raw, mode))])];
}
