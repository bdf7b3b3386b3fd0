import {
  type CascadeFlag as CoreFlag,
  type Contract,
  type Grant,
  type GrantOperation,
} from '@callgate/policy';
import type {
  CascadeFlag,
  EntityLabel,
  OperationInput,
  PreparedAsk,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../../database/AccessStore';
import { nameOf, type LabelOf } from './Labels';
import { grantedOperations, operationText } from './operations';

/** What flags are shown with. */
export interface FlagContext {
  contract: Contract;
  labelOf: LabelOf;
  /** Entities that the reader owns, of those that flags name. */
  owned: ReadonlySet<string>;
  /** Requests under way that the reader may see. */
  open: readonly StoredRequest[];
  grantOf(id: string): Grant | undefined;
  /** Whether what a caller had is granted under the name that it seems to have now. */
  isCovered(flag: CoreFlag): boolean;
}

/** A flag in one sentence, with the request that is prepared where the reader may ask for something. */
export function toFlag(flag: CoreFlag, context: FlagContext): CascadeFlag {
  const { labelOf } = context;
  const api = nameOf(labelOf(flag.api));
  const of = (text: string, next?: PreparedAsk): CascadeFlag => ({
    kind: flag.kind,
    text,
    ...(next && { next }),
  });
  switch (flag.kind) {
    case 'caller-gone':
      return goneCaller(flag, context);
    case 'caller-moved':
      return of(
        `${nameOf(labelOf(flag.caller))} belongs to ${ownersText(
          flag.to.map(labelOf),
        )} now and belonged to ${ownersText(
          flag.from.map(labelOf),
        )}: its access stays, so end it if that is not meant.`,
        ask(flag, 'end', context),
      );
    case 'operations-gone':
      return goneOperations(flag, context);
    case 'provider-gone':
      return of(
        `No component of its owners provides ${api} any more: what is open stays as it is, and nothing new can be opened until one is registered, or an owner confirms another one.`,
      );
    case 'api-moved':
      return of(
        `${api} belongs to ${ownersText(
          flag.to.map(labelOf),
        )} in the catalog and to ${ownersText([
          labelOf(flag.from),
        ])} in its declaration: what is open stays as it is, and nothing new can be opened until the declaration in the policy repository names the owner.`,
      );
    default:
      return of(
        `${api} is deprecated: what is open stays, so ask its owners what takes its place before you ask for more.`,
      );
  }
}

function goneCaller(
  flag: Extract<CoreFlag, { kind: 'caller-gone' }>,
  context: FlagContext,
): CascadeFlag {
  const { labelOf, grantOf, owned } = context;
  const { kind, api, caller, grantId, renamedTo } = flag;
  const name = nameOf(labelOf(caller));
  const now = renamedTo === undefined ? undefined : labelOf(renamedTo);
  if (!now) {
    const next = ask(flag, 'end', context);
    return {
      kind,
      text:
        next?.request === undefined
          ? `${name} is not in the catalog any more: register it again if it still runs, or end this grant.`
          : `${name} is not in the catalog any more and the end of this grant is asked for: register it again if it still runs.`,
      ...(next && { next }),
    };
  }
  const called =
    now.state === 'hidden' ? 'an entity that you may not see' : nameOf(now);
  if (context.isCovered(flag)) {
    const next = ask(flag, 'end', context);
    return {
      kind,
      text: `${name} is not in the catalog any more and seems to be ${called} now, which has the same access: end this grant.`,
      ...(next && { next }),
    };
  }
  const grant = grantOf(grantId);
  return {
    kind,
    text: `${name} is not in the catalog any more and seems to be ${called} now: ask for the same access under that name, and this grant ends after that.`,
    ...(grant &&
      now.state === 'visible' &&
      owned.has(now.ref) && {
        next: {
          kind: 'new' as const,
          api,
          grant: grantId,
          caller: now.ref,
          operations: inputs(grant.operations),
          ...(grant.in && { in: grant.in }),
          ...(grant.acknowledges && { acknowledges: grant.acknowledges }),
        },
      }),
  };
}

function goneOperations(
  flag: Extract<CoreFlag, { kind: 'operations-gone' }>,
  context: FlagContext,
): CascadeFlag {
  const { kind, gone, left, renamed } = flag;
  const text = (operations: readonly GrantOperation[]) => {
    const names = grantedOperations(inputs(operations), context.contract).map(
      operationText,
    );
    return [names.slice(0, -1).join(', '), ...names.slice(-1)]
      .filter(Boolean)
      .join(' and ');
  };
  if (renamed) {
    const ids = (operations: readonly GrantOperation[]) =>
      operations.flatMap(each => ('id' in each ? each.id : [])).join(', ');
    const one = gone.length === 1;
    const next = ask(flag, 'change', context, [...left, ...renamed]);
    return {
      kind,
      text: `${ids(gone)} ${
        one ? 'has' : 'have'
      } another id in the definition now, ${ids(
        renamed,
      )}, with the same method and path: write that into this grant, and what enforces it stays as it is.`,
      ...(next && { next }),
    };
  }
  const isAll = left.length === 0;
  const next = isAll
    ? ask(flag, 'end', context)
    : ask(flag, 'change', context, left);
  return {
    kind,
    text: `The definition does not have ${text(gone)} any more: ${
      isAll
        ? 'nothing else is left of this grant, so end it.'
        : `take ${gone.length === 1 ? 'it' : 'them'} out of this grant.`
    }`,
    ...(next && { next }),
  };
}

/** What is prepared of a grant, for who owns one of its sides; where it is asked already, that request. */
function ask(
  { api, grantId, caller }: { api: string; grantId: string; caller: string },
  kind: 'change' | 'end',
  { open, owned }: FlagContext,
  operations?: readonly GrantOperation[],
): PreparedAsk | undefined {
  const asked = open.find(
    ({ apiRef, draft: { change } }) =>
      apiRef === api && change?.grant === grantId && change.kind === kind,
  );
  if (asked) return { kind, api, grant: grantId, request: asked.id };
  if (!owned.has(api) && !owned.has(caller)) return undefined;
  return {
    kind,
    api,
    grant: grantId,
    ...(operations && { operations: inputs(operations) }),
  };
}

function inputs(operations: readonly GrantOperation[]): OperationInput[] {
  return [...operations] as OperationInput[];
}

function ownersText(owners: readonly EntityLabel[]): string {
  const names = owners.map(owner =>
    owner.state === 'hidden' ? 'a group you may not see' : nameOf(owner),
  );
  return [...new Set(names)].join(' and ');
}
