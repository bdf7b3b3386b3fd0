import { contractOf } from '../contract/readContract';
import type { Contract } from '../contract/types';
import { istioPath } from '../emit/istio/istioPath';
import { readOpens } from '../emit/opened';
import type { InForce } from '../compile/inForce';
import type { RuleFields } from '../compile/ruleFields';
import type { CatalogEntity, Grant, GrantOperation } from '../model/types';
import {
  type ResolvedOperation,
  resolveOperation,
} from '../plan/resolveOperation';

/** What of a grant's operations a definition has no more, and what would stand for the grant without that. */
export interface GoneOperations {
  gone: GrantOperation[];
  left: GrantOperation[];
  renamed?: GrantOperation[];
}

/**
 * Operations of a grant that the definition of its API does not have. Of a definition that cannot be read, or lists nothing, nobody
 * knows: that is a finding of its own.
 *
 * @param inForce - the generated objects of the API: they tell which methods and paths an id stood for
 */
export function goneOperations(
  grant: Grant,
  entity: CatalogEntity,
  api: string,
  inForce: readonly InForce[],
): GoneOperations | undefined {
  const contract = contractOf(entity, api);
  if (!contract.readable || contract.kind === 'port') return undefined;
  const gone = grant.operations.filter(each => isUnknown(each, contract));
  if (gone.length === 0) return undefined;
  const left = grant.operations.flatMap(each =>
    gone.includes(each) ? partOf(each, contract) : [each],
  );
  const renamed = renamedTo(grant, gone, contract, inForce);
  return { gone, left, ...(renamed && { renamed }) };
}

function isUnknown(operation: GrantOperation, contract: Contract): boolean {
  const result = resolveOperation(operation, contract);
  return 'problem' in result && result.problem === 'unknown-operation';
}

/** What the definition still has of an entry that names several paths or methods. */
function partOf(
  operation: GrantOperation,
  contract: Contract,
): GrantOperation[] {
  const known = (each: GrantOperation) => !isUnknown(each, contract);
  if ('http' in operation) {
    const { methods, paths } = operation.http;
    const isThere = (path: string, of: string[]) =>
      known({ http: { methods: of, paths: [path] } });
    const whole = paths.filter(path => isThere(path, methods));
    const partly = paths
      .filter(path => !whole.includes(path))
      .flatMap((path): GrantOperation[] => {
        const some = methods.filter(each => isThere(path, [each]));
        // What goes with any path is no reason to keep one.
        return some.some(each => !['HEAD', 'OPTIONS', 'TRACE'].includes(each))
          ? [{ http: { methods: some, paths: [path] } }]
          : [];
      });
    return [
      ...(whole.length > 0 ? [{ http: { methods, paths: whole } }] : []),
      ...partly,
    ];
  }
  if ('grpc' in operation && operation.grpc.methods) {
    const { service, methods } = operation.grpc;
    const some = methods.filter(each =>
      known({ grpc: { service, methods: [each] } }),
    );
    return some.length > 0 ? [{ grpc: { service, methods: some } }] : [];
  }
  return [];
}

/**
 * The operations that have the methods and paths of those whose ids are gone, and nothing else. Files in force say what an id stood
 * for; what they say of operations that are still there is left out. Only where each gone id has one such operation: of any other
 * answer nobody knows which is meant.
 */
function renamedTo(
  grant: Grant,
  gone: readonly GrantOperation[],
  contract: Contract,
  inForce: readonly InForce[],
): GrantOperation[] | undefined {
  if (!gone.every(each => 'id' in each)) return undefined;
  const resolved = grant.operations.flatMap((each): ResolvedOperation[] => {
    const result = resolveOperation(each, contract);
    return 'problem' in result ? [] : [result];
  });
  const explained = new Set(resolved.flatMap(requestsOf));
  const open = new Set(
    inForce.flatMap(each => requestsInForce(each, grant.id)),
  );
  const found = contract.operations.filter(({ id }) => {
    const result = resolveOperation({ id }, contract);
    const own = 'problem' in result ? [] : requestsOf(result);
    const isMeant =
      own.length > 0 &&
      own.every(request => open.has(request) && !explained.has(request));
    if (isMeant) own.forEach(request => open.delete(request));
    return isMeant;
  });
  const isAll = [...open].every(request => explained.has(request));
  return isAll && found.length === gone.length
    ? found.map(({ id }) => ({ id }))
    : undefined;
}

const keyOf = (method: string, path: string) => `${method} ${path}`;

function requestsOf({ http }: ResolvedOperation): string[] {
  return (http?.methods ?? []).flatMap(method =>
    (http?.paths ?? []).map(path => keyOf(method, istioPath(path))),
  );
}

/** Methods with paths that an object lets through for a grant; none where it does not say it. */
function requestsInForce(
  { object, grants }: InForce,
  grantId: string,
): string[] {
  if (!grants.has(grantId) || object.kind !== 'AuthorizationPolicy') return [];
  const opens = readOpens(object.metadata.annotations ?? {});
  if (opens)
    return (opens.get(grantId) ?? []).flatMap(({ method, path }) =>
      method !== undefined && path !== undefined ? keyOf(method, path) : [],
    );
  if (grants.size > 1) return [];
  // Only what is well formed is in force: fields that are of no type that they should be are gone.
  const { rules = [] } = (object.spec ?? {}) as RuleFields;
  return rules.flatMap(({ to = [] }) =>
    to.flatMap(({ operation: { methods = [], paths = [] } = {} }) =>
      methods.flatMap(method => paths.map(path => keyOf(method, path))),
    ),
  );
}
