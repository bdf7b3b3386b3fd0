import { NotFoundError } from '@backstage/errors';
import type {
  BrokenGlass,
  BrokenGlassList,
} from '@callgate/plugin-callgate-common';
import type {
  StoredApproval,
  StoredRequest,
  StoredTransition,
} from '../database/AccessStore';
import { decisionsOf } from '../evidence/decisions';
import type { ReadOptions } from './AccessService';
import type { AccessViews } from './AccessViews';
import { glassGrantAt } from './GlassFollowUp';
import { CARRIED_STATES } from './requestLifecycle';
import type { ServiceParts } from './ServiceParts';
import type { AccessFacts } from './views/AccessFacts';
import type { LabelOf } from './views/Labels';
import { contractOf, grantedOperations } from './views/operations';

/** What was in force more than so many days ago is left to evidence. */
const DAYS = 90;

/** What is open stands first, then what is on its way. */
const ORDER: readonly BrokenGlass['state'][] = [
  'open',
  'unknown',
  'waiting',
  'kept',
  'ended',
  'never',
];

/** What went on before anybody approved it, now and in the past 90 days: for the platform team, and for who takes out evidence. */
export class GlassDesk {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
  ) {}

  /** @throws NotFoundError for whoever is neither of the platform team nor may take out evidence */
  async list(options: ReadOptions): Promise<BrokenGlassList> {
    if (!(await this.#mayRead(options)))
      throw new NotFoundError('There is nothing here');
    const { requests, labels } = this.parts;
    const { credentials } = options;
    const [facts, all] = await Promise.all([
      this.access.facts(),
      this.#seen(options),
    ]);
    const ids = all.map(({ id }) => id);
    const [steps, approvals] = await Promise.all([
      requests.transitionsOf(ids),
      requests.approvals(ids),
    ]);
    return labels.label(credentials, labelOf => {
      // Every label is asked for, so that all are loaded together.
      const items = all
        .map(request =>
          toBrokenGlass(request, {
            ...{ facts, labelOf },
            steps: steps.get(request.id) ?? [],
            approvals: approvals.filter(
              ({ requestId }) => requestId === request.id,
            ),
          }),
        )
        .filter(({ api, caller }) =>
          [api, caller].every(({ state }) => state !== 'hidden'),
        )
        .sort(
          (a, b) =>
            ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
            b.number - a.number,
        );
      return {
        items,
        days: DAYS,
        open: items.filter(isOpen).length,
        leftOut: all.length - items.length,
      };
    });
  }

  /** How many are open now; `undefined` for whom it is not. */
  async count(options: ReadOptions): Promise<number | undefined> {
    return (await this.#mayRead(options))
      ? (await this.list(options)).open
      : undefined;
  }

  async #mayRead({ credentials, sight }: ReadOptions): Promise<boolean> {
    if (sight?.evidence) return true;
    const { ownership, platformTeam } = this.parts;
    if (platformTeam === undefined || sight?.settles === false) return false;
    const { claims } = await ownership.person(credentials);
    return claims.has(platformTeam);
  }

  /** Who takes out evidence reads of all of them there. */
  async #seen({ sight }: ReadOptions): Promise<StoredRequest[]> {
    const { requests } = this.parts;
    const all = await requests.brokenGlass();
    const visible = sight?.requests;
    if (sight?.evidence || !visible) return all;
    const seen = await Promise.all(
      all.map(({ id }) => requests.isVisible(id, visible)),
    );
    return all.filter((_, index) => seen[index]);
  }
}

function isOpen({ state }: BrokenGlass): boolean {
  return state === 'open' || state === 'unknown';
}

function toBrokenGlass(
  request: StoredRequest,
  context: {
    facts: AccessFacts;
    labelOf: LabelOf;
    steps: readonly StoredTransition[];
    approvals: readonly StoredApproval[];
  },
): BrokenGlass {
  const { facts, labelOf, steps, approvals } = context;
  const { id, number, apiRef, callerRef, draft, breakGlass } = request;
  const contract = contractOf(facts.entity(apiRef), apiRef);
  const grant = glassGrantAt(facts.snapshot, request);
  const decided = decisionsOf(steps, approvals).filter(
    ({ event, counts, by }) =>
      by !== undefined &&
      counts &&
      (event === 'confirmed' || event === 'rejected'),
  );
  return {
    ...{ id, number },
    api: labelOf(apiRef),
    caller: labelOf(callerRef),
    operations: grantedOperations(draft.operations, contract),
    by: labelOf(request.requestedBy),
    ...(draft.reason !== '' && { reason: draft.reason }),
    askedAt: new Date(request.createdAt).toISOString(),
    expiresAt: new Date(breakGlass!.expiresAt).toISOString(),
    afterwards: breakGlass!.afterwards,
    decidedBy: [...new Set(decided.map(({ by }) => by!))].map(labelOf),
    state: stateOf(request, facts, grant),
    ...(grant && { grant: grant.id }),
  };
}

/** What has become of it by what is declared now. */
function stateOf(
  request: StoredRequest,
  facts: AccessFacts,
  grant: ReturnType<typeof glassGrantAt>,
): BrokenGlass['state'] {
  if (grant)
    return grant.breakGlass || grant.request === request.id ? 'open' : 'kept';
  if (CARRIED_STATES.includes(request.state)) return 'waiting';
  if (request.state !== 'merged') return 'never';
  // Of a declaration that cannot be read nobody knows.
  return facts.unreadableOf(request.apiRef).length > 0 ? 'unknown' : 'ended';
}
