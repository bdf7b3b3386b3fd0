import { Admission, AdmittedSource, PlumbingEdge } from '../../plan/types';
import { groupBy } from '../groupBy';
import { Opened } from '../opened';
import { istioPath } from './istioPath';

/** An operation of a rule. Absent methods or paths mean all; ports are never absent. */
export interface RuleOperation {
  methods?: string[];
  paths?: string[];
  ports: string[];
}

/** Callers by identity; or those without one, from certain addresses or from everywhere. */
export type RuleSource =
  | { principals: string[] }
  | { ipBlocks?: string[]; notIpBlocks?: string[]; notPrincipals: string[] };

/** A rule: who, to what. */
export interface AuthorizationRule {
  from: { source: RuleSource }[];
  to: { operation: RuleOperation }[];
}

/** Limits of the AuthorizationPolicy CRD on lists; beyond them a rule or policy is split. */
export const LIMITS = { rules: 512, operations: 512, sources: 512 } as const;

const KINDS: readonly Caller['kind'][] = ['principal', 'plaintext', 'address'];

/** Whom an access is for: one of several that may share a rule. */
interface Caller {
  kind: 'principal' | 'plaintext' | 'address';
  /** the principal or the block of addresses; of callers in plaintext, the blocks that they do not come from */
  name: string;
}

interface Access {
  caller: Caller;
  /** absent: the whole port */
  request?: { method: string; path: string };
  port: number;
}

function callersOf(source: AdmittedSource): Caller[] {
  if (source.kind === 'principals')
    return source.principals.map(name => ({ kind: 'principal', name }));
  return source.cidrs
    ? source.cidrs.map(name => ({ kind: 'address', name }))
    : [{ kind: 'plaintext', name: (source.notCidrs ?? []).join(' ') }];
}

function accessesOf({ source, port, http }: Admission): Access[] {
  return callersOf(source).flatMap((caller): Access[] =>
    http === undefined
      ? [{ caller, port }]
      : http.flatMap(({ methods, paths }) =>
          (methods.length > 0 ? methods : ['*']).flatMap(method =>
            paths.map(path => ({
              caller,
              port,
              request: { method, path: istioPath(path) },
            })),
          ),
        ),
  );
}

/** What an admission lets through, whoever it is for. */
export function openedBy({ port, http }: Admission): Opened[] {
  const at = { protocol: 'TCP', port };
  return http === undefined
    ? [at]
    : http.flatMap(({ methods, paths }) =>
        (methods.length > 0 ? methods : [undefined]).flatMap(method =>
          paths.map(path => ({
            ...at,
            ...(method !== undefined && { method }),
            path: istioPath(path),
          })),
        ),
      );
}

function accessesOfPlumbing({ peer, ports, layers }: PlumbingEdge): Access[] {
  if (
    peer.kind !== 'pods' ||
    peer.principal === undefined ||
    layers.identity === 'none'
  )
    return [];
  const caller: Caller = { kind: 'principal', name: peer.principal };
  return ports
    .filter(({ protocol }) => protocol === 'TCP')
    .map(({ port }) => ({ caller, port }));
}

/** Paths with the same methods share an operation: written out, exactly the given pairs and no product of them. */
function operationsOn(port: number, accesses: Access[]): RuleOperation[] {
  const ports = [String(port)];
  if (accesses.some(({ request }) => request === undefined)) return [{ ports }];
  const requests = accesses.flatMap(({ request }) =>
    request ? [request] : [],
  );
  const byPath = groupBy(requests, ({ path }) => path).map(([path, group]) => {
    const methods = [...new Set(group.map(({ method }) => method))].sort();
    return { path, methods: methods.includes('*') ? [] : methods };
  });
  return groupBy(byPath, ({ methods }) => methods.join()).map(([, group]) => ({
    ...(group[0].methods.length > 0 && { methods: group[0].methods }),
    paths: group.map(({ path }) => path),
    ports,
  }));
}

function operationsOf(accesses: Access[]): RuleOperation[] {
  return groupBy(accesses, ({ port }) => String(port).padStart(5, '0')).flatMap(
    ([, group]) => operationsOn(group[0].port, group),
  );
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += size)
    result.push(items.slice(start, start + size));
  return result;
}

/** Sources for callers of one kind, in portions that a rule may hold. */
function sourcesOf(callers: readonly Caller[]): RuleSource[] {
  const names = callers.map(({ name }) => name);
  switch (callers[0].kind) {
    case 'principal':
      return chunks(names, LIMITS.sources).map(principals => ({ principals }));
    case 'address':
      return chunks(names, LIMITS.sources).map(ipBlocks => ({
        ipBlocks,
        notPrincipals: ['*'],
      }));
    default:
      return names.map(name => ({
        ...(name !== '' && { notIpBlocks: name.split(' ') }),
        notPrincipals: ['*'],
      }));
  }
}

/**
 * Rules that admit exactly what is asked for. Callers with the same operations share a rule. A rule is never without `from`:
 * it would admit everybody.
 */
export function authorizationRules(
  admissions: readonly Admission[],
  plumbing: readonly PlumbingEdge[] = [],
): AuthorizationRule[] {
  const accesses = [
    ...admissions.flatMap(accessesOf),
    ...plumbing.flatMap(accessesOfPlumbing),
  ];
  const callers = groupBy(
    accesses,
    ({ caller: { kind, name } }) => `${kind} ${name}`,
  ).map(([, group]) => ({
    caller: group[0].caller,
    operations: operationsOf(group),
  }));
  const key = ({ caller, operations }: (typeof callers)[number]) =>
    JSON.stringify([KINDS.indexOf(caller.kind), operations]);
  return groupBy(callers, key).flatMap(([, group]) =>
    sourcesOf(group.map(({ caller }) => caller)).flatMap(source =>
      chunks(group[0].operations, LIMITS.operations).map(part => ({
        from: [{ source }],
        to: part.map(operation => ({ operation })),
      })),
    ),
  );
}

/** Rules in portions that one policy may hold; one empty portion where there are none. */
export function splitRules(
  rules: readonly AuthorizationRule[],
): AuthorizationRule[][] {
  return rules.length === 0 ? [[]] : chunks(rules, LIMITS.rules);
}
