import type { AccessPlace, Admittance, DecidingObject } from '@callgate/policy';
import type {
  PolicyObject,
  UngrantedAccess,
} from '@callgate/plugin-callgate-common';
import type { RowContext } from './accessRow';
import type { AccessFacts } from './AccessFacts';
import { reachedOperations } from './reached';

const CLOSED_UP = 'It is kept as it was for a grant with an error.';
const NOT_CERTAIN = 'Whether it can is not certain.';

/** What no grant explains at some places: clusters in which that is the same stand together. */
export function ungrantedAccess(
  context: RowContext,
  places: readonly AccessPlace[],
): UngrantedAccess[] {
  const found = new Map<string, UngrantedAccess>();
  for (const place of places) {
    const reached = reachedOperations(
      place.beyond.isEmpty ? place.can : place.more,
    );
    const because = becauseOf(context, place);
    const { beyondSurely: surely } = place;
    const key = JSON.stringify([reached, because, surely]);
    const known = found.get(key);
    found.set(key, {
      ...reached,
      surely,
      because,
      clusters: once([...(known?.clusters ?? []), place.cluster]),
      openedBy: once([
        ...(known?.openedBy ?? []),
        ...openersOf(context.facts, place.openedBy),
      ]),
    });
  }
  return [...found.values()].sort(
    (a, b) => Number(b.surely) - Number(a.surely),
  );
}

function once<T>(all: readonly T[]): T[] {
  return [...new Map(all.map(each => [JSON.stringify(each), each])).values()];
}

function openersOf(
  facts: AccessFacts,
  objects: readonly DecidingObject[],
): PolicyObject[] {
  return objects.map(({ cluster, rule, generated, ...object }) => ({
    ...facts.object(cluster, object),
    ...(rule !== undefined && { rule }),
    generated,
  }));
}

/** Why that is so, in a sentence. Conditions are sentences about anything that was met on the way. */
function becauseOf(
  { facts, discretion }: RowContext,
  { beyond, beyondSurely, conditions, openedBy }: AccessPlace,
): string {
  if (beyond.isEmpty) return CLOSED_UP;
  if (!beyondSurely)
    return discretion.everythingSeen && conditions.length > 0
      ? `${NOT_CERTAIN} ${conditions[0].text}`
      : NOT_CERTAIN;
  if (openedBy.length === 0) return 'Nothing restricts it.';
  // Objects that let it in alike stand together.
  const clauses = new Map<
    string,
    { admits?: Admittance; names: Set<string> }
  >();
  openersOf(facts, openedBy).forEach((object, index) => {
    const isHidden = discretion.hidesObject(object);
    const admits = isHidden ? undefined : openedBy[index].admits;
    const clause = clauses.get(JSON.stringify(admits)) ?? {
      names: new Set<string>(),
      admits,
    };
    clause.names.add(
      isHidden
        ? `${article(object.kind)} ${object.kind}`
        : `${object.kind} ${object.name}`,
    );
    clauses.set(JSON.stringify(admits), clause);
  });
  const texts = [...clauses.values()].map(
    ({ names, admits }) =>
      `${[...names].join(', ')} ${howText(admits, names.size > 1)}`,
  );
  return `${capital(texts.join(', '))}.`;
}

/** What a policy asks of callers and this one has. */
function howText(admits: Admittance | undefined, areSeveral: boolean): string {
  const lets = areSeveral ? 'let' : 'lets';
  switch (admits?.by) {
    case 'everyone':
      return `${lets} everyone in`;
    case 'namespace':
      return `${lets} in everything in the namespace ${admits.namespace}`;
    case 'addresses':
      return `${lets} in addresses of ${admits.cidr}`;
    case 'labels':
      return `${lets} it in by labels of its pods`;
    case 'account':
      return `${lets} it in by its service account`;
    default:
      return areSeveral ? 'open it' : 'opens it';
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function article(kind: string): string {
  return ['A', 'E', 'I', 'O', 'U'].some(vowel => kind.charAt(0) === vowel)
    ? 'an'
    : 'a';
}
