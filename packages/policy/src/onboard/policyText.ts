import { addGrant, newAccessPolicy } from '../model/editAccessPolicy';
import { parseEntityRefText } from '../entityRef';
import type { Finding } from '../findings';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { Grant } from '../model/types';
import { originKey } from './origins';
import type { ImportedGrant, ObjectOrigin } from './types';

/** Objects that a reason names; more are counted. */
const MOST_NAMED = 3;

/** Name, namespace, owner and API of an AccessPolicy. */
export function headOf(api: string, owner: string) {
  const { namespace = 'default', name = '' } =
    parseEntityRefText(api, {}) ?? {};
  return { name, namespace, owner, api };
}

/** Why no AccessPolicy of an API can be written, such as a name that no file may have. */
export function headFindings(api: string, owner: string): readonly Finding[] {
  return parseAccessPolicy({
    path: api,
    text: newAccessPolicy(headOf(api, owner)),
  }).findings;
}

/** Whether an AccessPolicy takes a grant: what a definition or a mesh policy says may be more than it has room for. */
export function canBeWritten(grant: Grant): boolean {
  const head = headOf('api:default/any', 'group:default/any');
  const { name, namespace, owner, api } = head;
  const policy = {
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'AccessPolicy',
    metadata: { name, namespace },
    spec: { owner, api, mode: 'enforce', grants: [grant] },
  };
  const text = JSON.stringify(policy);
  return parseAccessPolicy({ path: api, text }).policy !== undefined;
}

/** What the reason of an imported grant is, in a sentence. */
export function reasonFor(by: readonly ObjectOrigin[]): string {
  if (by.length === 0)
    return 'In force when it was imported: nothing refuses it';
  const names = [...new Set(by.map(nameOfOrigin))];
  const more = names.length - MOST_NAMED;
  const listed = names.slice(0, MOST_NAMED).join(', ');
  return `In force when it was imported, by ${listed}${
    more > 0 ? ` and ${more} more` : ''
  }`;
}

/**
 * What an object is called where people read of it: `NetworkPolicy shop/orders`.
 *
 * @public
 */
export function nameOfOrigin({ kind, namespace, name }: ObjectOrigin): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/**
 * The text of an AccessPolicy as the portal writes it, with a comment above each grant that says which object it comes from,
 * and where that stands.
 */
export function policyText(
  head: ReturnType<typeof headOf>,
  grants: readonly ImportedGrant[],
): string {
  const text = grants.reduce(
    (written, { grant }) => addGrant(written, grant),
    newAccessPolicy(head),
  );
  const comments = new Map(
    grants.map(({ grant, by }) => [grant.id, commentsOf(grant, by)]),
  );
  return text
    .split('\n')
    .flatMap(line => {
      const id = /^ {4}- id: (\S+)$/.exec(line)?.[1];
      const above = id === undefined ? undefined : comments.get(id);
      return above ? [...above.map(each => `    # ${each}`), line] : [line];
    })
    .join('\n');
}

function commentsOf(grant: Grant, by: readonly ObjectOrigin[]): string[] {
  const places = [...by]
    .sort((a, b) => (originKey(a) < originKey(b) ? -1 : 1))
    .map(origin => {
      const { cluster, at } = origin;
      const line = at?.line === undefined ? '' : `:${at.line}`;
      const where = at ? `, ${at.file}${line}` : '';
      return `From ${nameOfOrigin(origin)} of ${cluster}${where}`;
    });
  const gaps = grant.acknowledges?.length
    ? ['Its gaps are those that this access has today']
    : [];
  return [
    ...(places.length > 0 ? places : ['Nothing refuses it today']),
    ...gaps,
  ].map(inComment);
}

/** Names and paths are what somebody wrote: a comment stays on its line. */
function inComment(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a1-\u1fff\u2c00-\ud7ff]/g, '?');
}
