import { Edge, PlumbingEdge } from '../../plan/types';
import { groupBy } from '../groupBy';
import { istioPath } from './istioPath';

/** An operation of a rule. Absent methods or paths mean all; ports are never absent. */
export interface RuleOperation {
  methods?: string[];
  paths?: string[];
  ports: string[];
}

/** A rule: who, to what. */
export interface AuthorizationRule {
  from: { source: { principals: string[] } | { notPrincipals: string[] } }[];
  to: { operation: RuleOperation }[];
}

/** Limits of the AuthorizationPolicy CRD on lists; beyond them a rule or policy is split. */
export const LIMITS = { rules: 512, operations: 512, principals: 512 } as const;

/** Marks callers without mesh identity among principals: no principal contains a space. */
const PLAINTEXT = 'without identity';

interface Access {
  caller: string;
  /** absent: the whole port */
  request?: { method: string; path: string };
  port: number;
}

function accessesOf(edge: Edge): Access[] {
  const caller = edge.row === 'mesh-plain' ? PLAINTEXT : edge.from.principal;
  if (edge.row === 'plain-any' || caller === undefined) return [];
  if (edge.http === undefined) return [{ caller, port: edge.port }];
  return edge.http.flatMap(({ methods, paths }) =>
    (methods.length > 0 ? methods : ['*']).flatMap(method =>
      paths.map(path => ({
        caller,
        port: edge.port,
        request: { method, path: istioPath(path) },
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
  const caller = peer.principal;
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

/**
 * Rules that admit exactly what edges and plumbing say. Callers with the same operations share a rule. A rule is never
 * without `from`: it would admit everybody.
 */
export function authorizationRules(
  edges: readonly Edge[],
  plumbing: readonly PlumbingEdge[],
): AuthorizationRule[] {
  const accesses = [
    ...edges.flatMap(accessesOf),
    ...plumbing.flatMap(accessesOfPlumbing),
  ];
  const callers = groupBy(accesses, ({ caller }) => caller).map(
    ([caller, group]) => ({
      caller,
      operations: operationsOf(group),
    }),
  );
  const key = ({ caller, operations }: (typeof callers)[number]) =>
    JSON.stringify([caller === PLAINTEXT, operations]);
  return groupBy(callers, key).flatMap(([, group]) => {
    const [{ caller: first, operations }] = group;
    const sources =
      first === PLAINTEXT
        ? [{ notPrincipals: ['*'] }]
        : chunks(
            group.map(({ caller }) => caller),
            LIMITS.principals,
          ).map(principals => ({ principals }));
    return sources.flatMap(source =>
      chunks(operations, LIMITS.operations).map(part => ({
        from: [{ source }],
        to: part.map(operation => ({ operation })),
      })),
    );
  });
}

/** Rules in portions that one policy may hold; one empty portion where there are none. */
export function splitRules(
  rules: readonly AuthorizationRule[],
): AuthorizationRule[][] {
  return rules.length === 0 ? [[]] : chunks(rules, LIMITS.rules);
}
