import { Path } from '../../estate/fieldPath';
import {
  asArray,
  asJson,
  asKey,
  asLabels,
  asText,
  fieldAt,
} from '../../estate/json';
import { ManifestObject } from '../../estate/types';

/** What a container is told in a variable. */
export interface Variable {
  name: string;
  /** Absent: it comes from elsewhere (`valueFrom`). */
  value?: string;
  path: Path;
}

/** A container of a Deployment or DaemonSet. */
export interface Container {
  name: string;
  image: string;
  path: Path;
  args: readonly string[];
  variables: readonly Variable[];
  /** True when further variables come from a ConfigMap or Secret. */
  hasMoreVariables: boolean;
}

const TEMPLATE = ['spec', 'template', 'spec', 'containers'] as const;

/** Containers of a Deployment or DaemonSet. */
export function containersOf({ object }: ManifestObject): Container[] {
  return asArray(fieldAt(object, TEMPLATE.join('.'))).map((value, index) => {
    const container = asJson(value);
    const path = [...TEMPLATE, index];
    return {
      name: asText(container.name) ?? '',
      image: asText(container.image) ?? '',
      path,
      args: [...asArray(container.command), ...asArray(container.args)].map(
        asKey,
      ),
      variables: asArray(container.env).flatMap((entry, at) => {
        const variable = asJson(entry);
        const name = asText(variable.name);
        if (name === undefined) return [];
        const where = [...path, 'env', at];
        if (variable.valueFrom !== undefined) return [{ name, path: where }];
        const text = variable.value;
        return [
          { name, value: typeof text === 'string' ? text : '', path: where },
        ];
      }),
      hasMoreVariables: asArray(container.envFrom).length > 0,
    };
  });
}

/**
 * The version that the tag of an image names, without its variant
 * (`1.30.0-distroless`). `undefined` for digests, words, and what comes before
 * a release: an alpha of 1.29 is not yet 1.29.
 */
export function versionOfImage(image: string): string | undefined {
  const [reference] = image.split('@');
  const tag = /:([^:/]+)$/.exec(reference)?.[1] ?? '';
  const match = /^v?(\d+\.\d+(?:\.\d+)?)(?:[-.+](.*))?$/.exec(tag);
  if (!match || /^(alpha|beta|rc|dev|pre)/.test(match[2] ?? '')) {
    return undefined;
  }
  return match[1];
}

/**
 * The version of an image, else of the label `app.kubernetes.io/version` that charts of Istio set since 1.24, for images
 * that are named by digest. The label is read of platform objects alone.
 */
export function versionOf(
  { object }: ManifestObject,
  container: Container,
): { version: string; path: Path } | undefined {
  const ofImage = versionOfImage(container.image);
  if (ofImage !== undefined)
    return { version: ofImage, path: [...container.path, 'image'] };
  // A tag that says something else is no version, whatever a label says.
  const isTagged = /:[^:/]+$/.test(container.image.split('@')[0]);
  const label = 'app.kubernetes.io/version';
  const text = asLabels(object.metadata.labels)[label];
  const version = isTagged ? undefined : versionOfImage(`label:${text ?? ''}`);
  return version === undefined
    ? undefined
    : { version, path: ['metadata', 'labels', label] };
}

/** The value of `--name=value` or `--name value` among arguments; one dash or two. */
export function argument(
  args: readonly string[],
  name: string,
): string | undefined {
  for (const [index, arg] of args.entries()) {
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(arg);
    if (match?.[1] === name) return match[2] ?? args[index + 1];
  }
  return undefined;
}

/** A number that a port can have. */
export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536;
}
