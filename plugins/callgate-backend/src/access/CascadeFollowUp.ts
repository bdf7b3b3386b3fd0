import type {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import {
  type CascadeFlag,
  dayAt,
  entityRefOf,
  parseCallerRef,
  formatCallerRef,
  toRememberOf,
} from '@callgate/policy';
import { createHash } from 'node:crypto';
import { CALLGATE_ACTOR } from '../actor';
import { Staffing } from '../approval';
import type { StoredRequest } from '../database/AccessStore';
import type { CascadeStore, Lasting } from '../database/CascadeStore';
import { grantOf } from '../proposals/changeGrant';
import { declarationOf } from '../proposals/editDeclaration';
import type { ProposalPlanner } from '../proposals/ProposalPlanner';
import type { Snapshot } from '../proposals/types';
import { askEnd } from './askEnd';
import { type Cascade, flagKey, isCovered } from './Cascade';
import { DEFAULT_GONE_AFTER_HOURS } from './lastDay';
import { recordedByCallgate } from './recordedByCallgate';
import { OPEN_STATES } from './requestLifecycle';
import type { ServiceParts } from './ServiceParts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So long pages say that a caller belongs to others now. */
const MOVED_MS = 30 * DAY_MS;
/** More entities that go together are no decision about each of them: a place of the catalog is gone. */
const MOST_AT_ONCE = 10;
/** So is this share of all grants, where it is of more than a few entities. */
const LARGEST_SHARE = 0.25;
const FEW = 3;

type Gone = Extract<CascadeFlag, { kind: 'caller-gone' }>;

/** A flag with how long it has been seen. */
interface Seen extends Lasting {
  flag: CascadeFlag;
  key: string;
}

/** What a person is told of in one message. */
export type CascadeNotice =
  | CascadeFlag
  /** So many callers went together. */
  | { kind: 'many-gone'; callers: number; grants: number };

/**
 * What goes by itself where things that grants name go or change: owners are told, and the end of grants is proposed whose caller is
 * gone. Whoever can take an entity out of a catalog could else end other people's access, so it counts only after it was seen
 * to be so for a while, ends nothing by itself, and is asked only once everybody concerned has been told. It may run in several
 * processes at once, and after a while in which none did.
 */
export class CascadeFollowUp {
  constructor(
    private readonly parts: Pick<
      ServiceParts,
      | 'requests'
      | 'ownership'
      | 'notifier'
      | 'lifecycle'
      | 'platformTeam'
      | 'securityTeam'
      | 'now'
    > & {
      snapshots: { read(how?: { fresh?: boolean }): Promise<Snapshot> };
      planner: Pick<ProposalPlanner, 'preview'>;
      cascade: Cascade;
      store: CascadeStore;
      auditor: AuditorService;
      auth: Pick<AuthService, 'getOwnServiceCredentials'>;
      logger: LoggerService;
    },
  ) {}

  /** Looks at what is so now. What fails is logged and tried again with the next round. */
  async runOnce(): Promise<void> {
    const { snapshots, cascade, lifecycle, logger, requests, now } = this.parts;
    const snapshot = await snapshots.read({ fresh: true });
    // Of what could not be read nobody knows whether it is so.
    if (snapshot.source.stale) return;
    const flags = await cascade.flagsOf(snapshot);
    const seen = await this.#observe(snapshot, flags);
    const hours = lifecycle.goneAfterHours ?? DEFAULT_GONE_AFTER_HOURS;
    const due = seen.filter(({ lastedMs }) => lastedMs >= hours * HOUR_MS);
    const together = goneTogether(snapshot, seen, Math.max(hours, 1) * HOUR_MS);
    const single = due.filter(({ key }) => !together.keys.has(key));
    const attempt = async (what: string, step: () => Promise<void>) => {
      try {
        await step();
      } catch (error) {
        logger.warn(`${what}: ${stringifyError(error)}`);
      }
    };
    for (const request of await requests.openChanges())
      await attempt(`Request ${request.number} could not be looked at`, () =>
        this.#follow(snapshot, flags, request),
      );
    const told = await this.#concerned(snapshot, single, due, together);
    await attempt('Nobody could be told of what is gone', () =>
      this.#tell(told),
    );
    for (const { flag, key, since } of single)
      if (flag.kind === 'caller-gone')
        await attempt(
          `The end of the grant ${flag.grantId} of ${flag.api} could not be proposed`,
          () => this.#ask(snapshot, flag, since, told.get(key)?.people ?? []),
        );
    for (const { flag, since } of due)
      if (flag.kind === 'caller-moved' && now() - since >= MOVED_MS)
        await this.parts.store.hasMoved(flag.caller, flag.to);
  }

  async #observe(
    snapshot: Snapshot,
    flags: readonly CascadeFlag[],
  ): Promise<Seen[]> {
    const { store, now } = this.parts;
    const { policies, catalog } = snapshot;
    const unread = policies.filter(({ policy }) => !policy);
    const isKnown = (api: string) =>
      unread.every(each => each.api !== undefined && each.api !== api);
    const keyed = flags.map(flag => ({ flag, key: flagKey(flag) }));
    const lasting = await store.observe(
      keyed.map(({ flag, key }) => ({ key, api: flag.api })),
      now(),
      isKnown,
    );
    if (unread.length === 0) {
      const declared = policies.flatMap(({ policy }) =>
        policy ? [{ policy }] : [],
      );
      await store.remember(
        toRememberOf({ catalog, policies: declared }),
        callersIn(snapshot),
      );
    }
    return keyed.flatMap(({ flag, key }) => {
      const known = lasting.get(key);
      return known ? [{ flag, key, ...known }] : [];
    });
  }

  /** An end that was proposed because a caller is gone is no question any more where it is there again, or has another name. */
  async #follow(
    snapshot: Snapshot,
    flags: readonly CascadeFlag[],
    request: StoredRequest,
  ): Promise<void> {
    const { requests, notifier } = this.parts;
    const { id, apiRef, callerRef: caller, draft, version } = request;
    const { change } = draft;
    const declaration = declarationOf(snapshot, apiRef);
    // Of a declaration that cannot be read nobody knows; a grant that is gone is not looked at here.
    if (
      change?.gone === undefined ||
      !declaration?.policy ||
      !grantOf(declaration, { change, caller })
    )
      return;
    const flag = flags.find(
      (each): each is Gone =>
        each.kind === 'caller-gone' &&
        each.api === apiRef &&
        each.grantId === change.grant,
    );
    const isRenamed =
      flag?.renamedTo !== undefined && !isCovered(snapshot, flag);
    if (flag && !isRenamed) return;
    // Where nothing is said of it, such as of an API that is in no catalog, it need not be back.
    const isBack = snapshot.catalog.some(each => entityRefOf(each) === caller);
    if (!flag && !isBack) return;
    const meta = { actionType: 'supersede', id, apiRef };
    const ended = await recordedByCallgate(this.parts, meta, () =>
      requests.change({
        id,
        event: 'supersede',
        version,
        facts: { code: isRenamed ? 'caller-renamed' : 'caller-back' },
        // A pull request that carries it must lose it.
        rebuild: true,
      }),
    );
    await notifier.withdrawn(ended);
  }

  /** Who is to hear of what. */
  async #concerned(
    snapshot: Snapshot,
    single: readonly Seen[],
    due: readonly Seen[],
    together: Together,
  ): Promise<Map<string, { notice: CascadeNotice; people: string[] }>> {
    const { ownership, platformTeam } = this.parts;
    const owners = ownership.within();
    const concerned = new Map<
      string,
      { notice: CascadeNotice; people: string[] }
    >();
    const ownersOf = async (refs: readonly string[]) =>
      (await Promise.all(refs.map(ref => owners.ownersOf(ref)))).flat();
    const groupsOf = async (flag: CascadeFlag): Promise<string[]> => {
      const { api } = flag;
      switch (flag.kind) {
        case 'caller-gone':
          return [...flag.owners, ...(await ownersOf([api]))];
        case 'caller-moved':
          return [...flag.from, ...flag.to, ...(await ownersOf([api]))];
        case 'operations-gone':
          return ownersOf([api, ...entities([flag.caller])]);
        case 'provider-gone':
          return [
            ...(await ownersOf([api])),
            ...(platformTeam ? [platformTeam] : []),
          ];
        case 'api-moved':
          return [
            flag.from,
            ...flag.to,
            ...(await ownersOf(callersOf(snapshot, api))),
          ];
        default:
          return ownersOf(callersOf(snapshot, api));
      }
    };
    for (const { flag, key } of single)
      concerned.set(key, {
        notice: flag,
        people: await owners.peopleOf([...new Set(await groupsOf(flag))]),
      });
    for (const { key, apis, ...notice } of together.batches(due)) {
      const groups = platformTeam ? [platformTeam] : await ownersOf(apis);
      concerned.set(key, {
        notice,
        people: await owners.peopleOf([...new Set(groups)]),
      });
    }
    return concerned;
  }

  /** Each person hears once a day at most, of everything together, and of each once. */
  async #tell(
    concerned: ReadonlyMap<
      string,
      { notice: CascadeNotice; people: readonly string[] }
    >,
  ): Promise<void> {
    const { store, notifier, now } = this.parts;
    const byPerson = new Map<string, string[]>();
    for (const [key, { people }] of concerned)
      for (const person of people)
        byPerson.set(person, [...(byPerson.get(person) ?? []), key]);
    for (const [person, keys] of byPerson) {
      const claimed = await store.claim(person, dayAt(now()), keys);
      const notices = claimed.flatMap(key => concerned.get(key)?.notice ?? []);
      if (notices.length > 0) await notifier.cascaded(person, notices);
    }
  }

  async #ask(
    snapshot: Snapshot,
    flag: Gone,
    since: number,
    people: readonly string[],
  ): Promise<void> {
    const { requests, ownership, notifier, store } = this.parts;
    const { api, caller, grantId } = flag;
    const declaration = declarationOf(snapshot, api);
    const grant = declaration?.policy?.spec.grants.find(
      ({ id }) => id === grantId,
    );
    // Under its new name it is asked for first: else the end would cut what runs.
    const isRenamed =
      flag.renamedTo !== undefined && !isCovered(snapshot, flag);
    if (!grant || isRenamed) return;
    const told = await store.toldOf(flagKey(flag));
    if (!people.every(person => told.has(person))) return;
    const gone = dayAt(since);
    const asked = await requests.requestsOfGrant(api, grant.id);
    const isAskedAlready = asked.some(
      ({ draft: { change }, callerRef, state }) =>
        // Whoever said no to it keeps the grant as it is, until the caller was there once more.
        (change?.gone === gone &&
          change.request === grant.request &&
          callerRef === caller &&
          state !== 'superseded' &&
          state !== 'merged') ||
        (change?.kind === 'end' && OPEN_STATES.includes(state)),
    );
    if (isAskedAlready) return;
    const done = await askEnd(this.parts, snapshot, {
      ...{ api, caller, grant },
      because: { gone },
      // The catalog does not say any more whose it was.
      parties: flag.owners.map(ref => ({ role: 'caller-owner', ref })),
    });
    if (!done) return;
    const { stored, preview } = done;
    const staffed = await new Staffing(ownership.within(), this.parts).staff(
      preview.needs,
      CALLGATE_ACTOR,
    );
    // Both sides have been told already.
    await notifier.changeAsked(stored, staffed, { callers: [], owners: [] });
  }
}

/** Callers that went together, which nobody decided one by one. */
interface Together {
  /** Flags that are among them. */
  keys: ReadonlySet<string>;
  /** What is to be told of those that count by now. */
  batches(due: readonly Seen[]): {
    key: string;
    kind: 'many-gone';
    callers: number;
    grants: number;
    apis: readonly string[];
  }[];
}

function goneTogether(
  snapshot: Snapshot,
  seen: readonly Seen[],
  windowMs: number,
): Together {
  const all = snapshot.policies.reduce(
    (sum, { policy }) => sum + (policy?.spec.grants.length ?? 0),
    0,
  );
  const gone = seen
    .filter(({ flag }) => flag.kind === 'caller-gone')
    .sort((a, b) => a.since - b.since);
  const groups: Seen[][] = [];
  for (const each of gone) {
    const last = groups.at(-1);
    if (last && each.since - last[0].since <= windowMs) last.push(each);
    else groups.push([each]);
  }
  const callersOfGroup = (group: readonly Seen[]) =>
    new Set(
      group.map(({ flag }) => (flag.kind === 'caller-gone' ? flag.caller : '')),
    ).size;
  const many = groups.filter(group => {
    const callers = callersOfGroup(group);
    return (
      callers > MOST_AT_ONCE ||
      (callers > FEW && group.length > all * LARGEST_SHARE)
    );
  });
  return {
    keys: new Set(many.flat().map(({ key }) => key)),
    batches: due => {
      const counts = new Set(due.map(({ key }) => key));
      return many
        .filter(group => group.some(({ key }) => counts.has(key)))
        .map(group => ({
          kind: 'many-gone' as const,
          key: createHash('sha256')
            .update(`many gone since ${group[0].since}`)
            .digest('hex'),
          callers: callersOfGroup(group),
          grants: group.length,
          apis: [...new Set(group.map(({ flag }) => flag.api))],
        }));
    },
  };
}

const ENTITY = /^(component|resource|system|domain|group):[^/]+\/.+$/;

/** Those that are entities: gateways, addresses and the API itself are nobody's. */
function entities(refs: readonly string[]): string[] {
  return refs.filter(ref => ENTITY.test(ref));
}

/** Entities that the grants of an API name. */
function callersOf(snapshot: Snapshot, api: string): string[] {
  return namedIn(snapshot, each => each === api);
}

function callersIn(snapshot: Snapshot): Set<string> {
  return new Set(namedIn(snapshot, () => true));
}

function namedIn(
  { policies }: Snapshot,
  isMeant: (api: string) => boolean,
): string[] {
  const refs = policies.flatMap(({ policy }) =>
    policy && isMeant(policy.spec.api)
      ? policy.spec.grants.map(({ caller }) => {
          const read = parseCallerRef(caller, policy.metadata.namespace);
          return read ? formatCallerRef(read) : caller;
        })
      : [],
  );
  return [...new Set(entities(refs))];
}
