import { asJson, asText, isJson, type Json } from '../json';
import { BOUNDS, isDeep, isNote, noteOf, readNote } from '../reader/leaveOut';
import { formOfConfig } from '../reader/namedConfigs';
import { reduceObject } from '../reader/reduceObject';
import { renderList } from '../reader/renderFiles';
import { folderOfKind, WANTED } from '../reader/wantedKinds';

/** `CLUSTER/plural[.group].yaml`, or `CLUSTER/plural[.group]/namespace.yaml`. */
const PATH =
  /^([a-z0-9]+(?:\.[a-z0-9-]+)*)(?:\/([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?))?\.yaml$/;

/**
 * Why a name is none that a file of a cluster has, as the rest of a sentence; nothing where it is one.
 *
 * @public
 */
export function refusePath(cluster: string, path: string): string | undefined {
  if (!path.startsWith(`${cluster}/`))
    return `is not of the cluster ${cluster}: names of its files begin with ${cluster}/`;
  return PATH.test(path.slice(cluster.length + 1))
    ? undefined
    : 'is no name of a file of a cluster, such as prod/networkpolicies/shop.yaml';
}

/**
 * Why the text of a file is not what a reader writes there, as the rest of a sentence; nothing where it is. Whoever sends
 * it may lie about what their cluster has, and about nothing else: kinds that are not read, Secrets among them, and fields
 * that are not kept are refused, as is a file that could be read in two ways.
 *
 * @param path - one that `refusePath` lets pass
 * @public
 */
export function refuseText(
  cluster: string,
  path: string,
  text: string,
): string | undefined {
  const [, folder, namespace = ''] = PATH.exec(path.slice(cluster.length + 1))!;
  if (Buffer.byteLength(text) > BOUNDS.file)
    return `is larger than ${BOUNDS.file / 1024 / 1024} MiB`;
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  // Whoever sends a thousand levels wants to break who reads them. Around an object are its list and the entry of that.
  if (isDeep(list, BOUNDS.levels + 2))
    return `has an object that is nested more than ${BOUNDS.levels} levels`;
  const { items } = asJson(list);
  if (!Array.isArray(items) || items.length === 0)
    return 'is not a list of objects';
  const kept: string[] = [];
  for (const [index, item] of items.entries()) {
    const judged = isJson(item)
      ? judgedOf(item, { kinds: folder, namespace }, index)
      : { why: 'has an entry that is no object' };
    if ('why' in judged) return judged.why;
    kept.push(judged.text);
  }
  // In the one way to write it: parsers disagree about keys that are there twice.
  return renderList(kept) === text
    ? undefined
    : 'has more than is kept of its objects, or is written in another way than the agent of this version writes it';
}

/**
 * What stands in the place of a file that is refused: that nothing is known of its objects.
 *
 * @param path - one that `refusePath` lets pass
 * @public
 */
export function noteOfRefused(cluster: string, path: string): string {
  const [, kinds, namespace = ''] = PATH.exec(path.slice(cluster.length + 1))!;
  return renderList([
    noteOf({ kinds, namespace }, [{ reason: 'refused', count: 1, names: [] }]),
  ]);
}

function judgedOf(
  item: Json,
  place: { kinds: string; namespace: string },
  index: number,
): { text: string } | { why: string } {
  if (index > 0 || !isNote(item))
    return keptOf(item, place.kinds, place.namespace);
  const text = readNote(item, place);
  return text === undefined
    ? { why: 'says of objects that they were left out, and not why' }
    : { text };
}

function keptOf(
  object: Json,
  folder: string,
  namespace: string,
): { text: string } | { why: string } {
  const kind = asText(object.kind) ?? '';
  const apiVersion = asText(object.apiVersion) ?? '';
  const metadata = asJson(object.metadata);
  const name = asText(metadata.name);
  const slash = apiVersion.lastIndexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const wanted = WANTED.find(
    each => each.groups.includes(group) && each.kinds.includes(kind),
  );
  if (!wanted)
    return {
      why: `has an object of a kind that is not read: ${shown(kind)} of ${
        group === '' ? 'the core group' : shown(group)
      }`,
    };
  if (name === undefined) return { why: `has a ${kind} without a name` };
  if (folderOfKind({ group, plural: folder.split('.')[0] }) !== folder)
    return { why: `has ${kind} ${shown(name)}, whose group is another` };
  if ((asText(metadata.namespace) ?? '') !== namespace)
    return { why: `has ${kind} ${shown(name)}, whose namespace is another` };
  const form = wanted.byName ? formOfConfig(namespace, name) : wanted.form;
  if (form === undefined)
    return { why: `has ${kind} ${shown(name)}, which is not read` };
  const kept = reduceObject(object, { apiVersion, kind, form });
  return kept
    ? { text: JSON.stringify(kept) }
    : {
        why: `has ${kind} ${shown(name)}, which is nested more than ${
          BOUNDS.levels
        } levels`,
      };
}

/** What others wrote, short and in one line. */
function shown(text: string): string {
  const line = text.replace(/[^\p{L}\p{N}._:/-]/gu, '?');
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
