import {
  formatPosition,
  type Cluster,
  type FoundValue,
  type PlatformProfile,
} from '@callgate/policy';
import type { TextTable } from './renderTable';

/** Fields have the name of their cluster before them where there are several. */
function nameField(
  clusters: readonly Cluster[],
  cluster: Cluster,
  field: string,
): string {
  return clusters.length > 1 ? `${cluster.name}:${field}` : field;
}

/** Values that were found in the estates, with the objects that say them. */
export function foundOf(clusters: readonly Cluster[]): FoundValue[] {
  return clusters.flatMap(cluster =>
    cluster.profile.found.map(found => ({
      ...found,
      field: nameField(clusters, cluster, found.field),
    })),
  );
}

function valueOf(profile: PlatformProfile, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>(
      (value, name) => new Map(Object.entries(Object(value))).get(name),
      profile,
    );
}

/** Longer values, such as the addresses of all nodes, are in the JSON document. */
const MOST = 100;

/** Controls, and marks that nobody sees or that turn what is beside them around: the values are of other people's objects. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** A value on one line. */
export function shortJson(value: unknown): string {
  const text = (JSON.stringify(value) ?? '').replace(
    HIDDEN,
    mark => `\\u{${mark.codePointAt(0)!.toString(16)}}`,
  );
  return text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text;
}

/** What the profiles leave open: where each value was found, or that it is a guess. */
export function openFieldsTable(clusters: readonly Cluster[]): TextTable[] {
  const rows = clusters.flatMap(cluster => {
    const { found, guesses } = cluster.profile;
    return [
      ...found.map(({ field, value, source }) => [
        nameField(clusters, cluster, field),
        shortJson(value),
        `${source.object} at ${formatPosition(source.at)}`,
      ]),
      ...[...guesses]
        .sort()
        .map(field => [
          nameField(clusters, cluster, field),
          shortJson(valueOf(cluster.profile, field)),
          'guess',
        ]),
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      title: 'Not stated in the platform profile',
      header: ['field', 'value', 'from'],
      rows,
      whenEmpty: '',
    },
  ];
}
