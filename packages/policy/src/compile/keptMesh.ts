import { groupBy } from '../emit/groupBy';
import type { Opened } from '../emit/opened';
import type { HeldLimit } from './heldLimit';
import { intersection, largest } from './openedSets';
import type { MeshRule, Operation, Source } from './ruleFields';

/** One caller and one thing that a rule of an AuthorizationPolicy lets it do. */
export interface MeshAccess {
  /** the caller, as a source that names it alone */
  source: Source;
  opened?: Opened;
  /** fields of rule and operation beside those that generated ones have, which restrict it further */
  more: { rule: object; operation?: object };
}

/** What rules let callers do, cut down to a limit. */
export function meshAccess(
  rules: readonly MeshRule[],
  keep: (source: Source) => Source | undefined,
  limit: HeldLimit,
): MeshAccess[] {
  return rules.flatMap(({ from = [], to, ...rule }) => {
    const sources = from
      .flatMap(({ source }) => (source && keep(source)) ?? [])
      .flatMap(oneByOne);
    const operations = to?.map(({ operation }) => operation ?? {}) ?? [{}];
    return operations.flatMap(operation => {
      const opened = limited(operation, limit);
      const { methods: _, paths: __, ports: ___, ...fields } = operation;
      const hasMore = Object.keys(fields).length > 0;
      const more = { rule, ...(hasMore && { operation: fields }) };
      return sources.flatMap((source): MeshAccess[] =>
        opened
          ? opened.map(each => ({ source, opened: each, more }))
          : // Everything stays, and has no port that it could be told by.
            [{ source, more: { rule, operation } }],
      );
    });
  });
}

function oneByOne(source: Source): Source[] {
  const { principals, ipBlocks } = source;
  if (principals)
    return principals.map(each => ({ ...source, principals: [each] }));
  return ipBlocks
    ? ipBlocks.map(each => ({ ...source, ipBlocks: [each] }))
    : [source];
}

/** What stays of an operation; undefined for all of one that names no port. */
function limited(
  { methods, paths, ports }: Operation,
  { opened, portsOnly }: HeldLimit,
): Opened[] | undefined {
  if (!ports && !opened) return undefined;
  const numbers = ports
    ? ports.map(Number)
    : [...new Set(opened?.map(({ port }) => port))];
  const own = numbers.flatMap(port =>
    (methods ?? [undefined]).flatMap(method =>
      (paths ?? [undefined]).map(
        (path): Opened => ({
          protocol: 'TCP',
          port,
          ...(method !== undefined && { method }),
          ...(path !== undefined && { path }),
        }),
      ),
    ),
  );
  if (!opened) return largest(own);
  return intersection(
    own,
    portsOnly
      ? opened.map(({ protocol, port }) => ({ protocol, port }))
      : opened,
  );
}

/** Rules that let do exactly this. The same in any order gives the same rules. */
export function meshRules(accesses: readonly MeshAccess[]): object[] {
  const callers = groupBy(accesses, ({ source, more }) =>
    JSON.stringify([more.rule, source]),
  ).map(([, own]) => ({
    source: own[0].source,
    rule: own[0].more.rule,
    to: operationsOf(own),
  }));
  return groupBy(callers, ({ source, rule, to }) =>
    JSON.stringify([kindOf(source), rule, to]),
  ).map(([, group]) => {
    const [{ to, rule }] = group;
    const from = [{ source: together(group.map(({ source }) => source)) }];
    return { from, ...(to.length > 0 && { to }), ...rule };
  });
}

function kindOf({ principals, ipBlocks, ...source }: Source): unknown {
  if (principals) return ['principals', ipBlocks, source];
  return ipBlocks ? ['blocks', source] : ['any', source];
}

/** One source for callers of the same kind. */
function together(sources: readonly Source[]): Source {
  const [first] = sources;
  const field = first.principals ? 'principals' : 'ipBlocks';
  const names = sources.flatMap(source => source[field] ?? []);
  return names.length === 0 ? first : { ...first, [field]: names };
}

function operationsOf(accesses: readonly MeshAccess[]): object[] {
  return groupBy(accesses, ({ opened, more }) =>
    JSON.stringify([String(opened?.port ?? '').padStart(5, '0'), more]),
  ).flatMap(([, group]) => {
    const [{ more }] = group;
    const opened = largest(group.flatMap(each => each.opened ?? []));
    if (opened.length === 0)
      return more.operation && Object.keys(more.operation).length > 0
        ? [{ operation: more.operation }]
        : [];
    const byPath = groupBy(opened, ({ path }) => path ?? '').map(
      ([path, own]) => ({
        path,
        methods: own.flatMap(({ method }) => method ?? []),
      }),
    );
    return groupBy(byPath, ({ path, methods }) =>
      JSON.stringify([path === '', methods]),
    ).map(([, own]) => ({
      operation: {
        ...(own[0].methods.length > 0 && { methods: own[0].methods }),
        ...(own[0].path !== '' && { paths: own.map(({ path }) => path) }),
        ports: [String(opened[0].port)],
        ...more.operation,
      },
    }));
  });
}
