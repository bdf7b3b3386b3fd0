import { namespaceOf } from '../estate/buildCluster';
import { Path, formatField } from '../estate/fieldPath';
import { ManifestObject } from '../estate/types';
import { Finding, FindingCode, FindingData, finding } from '../findings';

/** One operation of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  op: 'add' | 'replace' | 'remove';
  path: Path;
  value?: FindingData;
}

/** What a check says about one place of an object. */
export interface Notice {
  manifest: ManifestObject;
  /** The field concerned; none for the object as a whole. */
  path?: Path;
  /** What is wrong; it follows the name of the object and the field. */
  text: string;
  /** Other objects and workloads concerned. */
  others?: readonly string[];
  fix?: string;
  /** Operations that correct it without anybody having to decide anything. */
  change?: readonly PatchOperation[];
}

/** `Kind namespace/name`, as findings name objects. */
export function nameOfManifest({ object }: ManifestObject): string {
  const namespace = namespaceOf(object);
  return `${object.kind} ${namespace === '' ? '' : `${namespace}/`}${
    object.metadata.name
  }`;
}

function pointer(path: Path): string {
  return path
    .map(step => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`)
    .join('');
}

/** Makes a finding about an object; a ready change is `data.change`: the object and a JSON Patch. */
export function notice(code: FindingCode, about: Notice): Finding {
  const { manifest, path = [], text, others = [], fix, change } = about;
  const name = nameOfManifest(manifest);
  const place = path.length > 0 ? `${name}: ${formatField(path)}` : name;
  const at = manifest.locate?.(path) ?? {
    ...manifest.at,
    ...(path.length > 0 ? { field: formatField(path) } : {}),
  };
  return finding(code, `${place} ${text}`, {
    objects: [name, ...others],
    at,
    ...(fix === undefined ? {} : { fix }),
    ...(change === undefined
      ? {}
      : {
          data: {
            change: {
              object: name,
              patch: change.map(({ op, path: where, value }) => ({
                op,
                path: pointer(where),
                ...(value === undefined ? {} : { value }),
              })),
            },
          },
        }),
  });
}

/** Names for a text: the first few, and how many more there are. */
export function few(names: readonly string[], most = 3): string {
  const sorted = [...new Set(names)].sort();
  const shown = sorted.slice(0, most).join(', ');
  return sorted.length > most
    ? `${shown} and ${sorted.length - most} more`
    : shown;
}
