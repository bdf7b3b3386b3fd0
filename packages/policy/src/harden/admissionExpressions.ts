import { Labels } from '../estate/types';

/** Text as a literal of CEL. */
export function celText(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

/** True where the object carries all of the labels. */
export function hasLabels(selector: Labels): string {
  const labels = 'object.metadata.labels';
  const each = Object.entries(selector)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, value]) =>
        `${celText(key)} in ${labels} && ${labels}[${celText(
          key,
        )}] == ${celText(value)}`,
    );
  return `(has(${labels}) && ${each.join(' && ')})`;
}

/** True where the object has this value, or where `value` is absent has none. */
export function hasEntry(
  field: 'labels' | 'annotations',
  key: string,
  value: string | undefined,
): string {
  const entries = `object.metadata.${field}`;
  const present = `(has(${entries}) && ${celText(key)} in ${entries})`;
  return value === undefined
    ? `!${present}`
    : `(${present} && ${entries}[${celText(key)}] == ${celText(value)})`;
}

/** True where the object does not have the entry, or has one of these values. */
export function isAnyOf(
  field: 'labels' | 'annotations',
  key: string,
  values: readonly string[],
): string {
  const all = [...new Set(values)].sort().map(celText).join(', ');
  return `(${hasEntry(
    field,
    key,
    undefined,
  )} || object.metadata.${field}[${celText(key)}] in [${all}])`;
}

/** True where the object does not have the entry, or its comma-separated list has none but these items. */
export function listsOnly(
  field: 'labels' | 'annotations',
  key: string,
  items: readonly string[],
): string {
  const all = ['', ...new Set(items)].sort().map(celText).join(', ');
  return `(${hasEntry(
    field,
    key,
    undefined,
  )} || object.metadata.${field}[${celText(
    key,
  )}].split(',').all(item, item.trim() in [${all}]))`;
}

/** True where an update leaves a label as it was. */
export function keepsLabel(key: string): string {
  const of = (object: string) => {
    const labels = `${object}.metadata.labels`;
    return `(has(${labels}) && ${celText(
      key,
    )} in ${labels} ? ${labels}[${celText(key)}] : '')`;
  };
  return `${of('object')} == ${of('oldObject')}`;
}

/** True where the request comes from one of these people. */
export function asksAs(people: {
  users: readonly string[];
  groups: readonly string[];
}): string {
  const list = (names: readonly string[]) =>
    `[${[...names].sort().map(celText).join(', ')}]`;
  return `(request.userInfo.username in ${list(
    people.users,
  )} || (has(request.userInfo.groups) && request.userInfo.groups.exists(group, group in ${list(
    people.groups,
  )})))`;
}
