import type { DigestContent } from '@callgate/policy';
import type { StoredRequest } from '../../database/AccessStore';
import { APPROVALS, type Company, type Team } from './Company';
import type { Stage } from './Stage';

const HEAD = `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
`;
const FOUR_EYES = APPROVALS.slice(HEAD.length);
const READS = `    - name: reads
      when: '!request.writes'
      auto: true
      examples: { hold: [{}], not: [{ request: { writes: true } }] }
`;
const WATCHED = `    - name: watched
      when: caller.name == 'spy' || caller.name == 'checkout'
      needs: [{ role: platform }]
      examples: { hold: [{ caller: { name: spy } }], not: [{ caller: { name: cart } }] }
`;
const NAMED = `    - name: named
      when: caller.name == 'cart' || caller.name == 'views'
      auto: true
      examples: { hold: [{ caller: { name: cart } }], not: [{ caller: { name: spy } }] }
`;

/** What a version of the rules says, as text and as plain truth beside it. */
interface RuleSet {
  text: string;
  /** So many owners of billing. */
  billing: 1 | 2;
  /** Callers for which the platform team is asked. */
  watched?: readonly string[];
  /** Which requests nobody has to approve. */
  auto?: 'reads' | readonly string[];
}

/** Versions of the file that somebody may push; one that cannot be read changes nothing. */
export const RULE_SETS: readonly (RuleSet | { broken: string })[] = [
  { text: HEAD + FOUR_EYES, billing: 2 },
  { text: HEAD + FOUR_EYES + READS, billing: 2, auto: 'reads' },
  {
    text: HEAD + READS + WATCHED,
    billing: 1,
    auto: 'reads',
    watched: ['spy', 'checkout'],
  },
  { text: HEAD + NAMED, billing: 1, auto: ['cart', 'views'] },
  { text: `${HEAD.trimEnd()} []\n`, billing: 1 },
  { broken: HEAD + READS.replace('!request.writes', 'request.writes ==') },
];

/** So many of a team. */
export interface Seats {
  team: Team;
  count: number;
}

const nameOf = (ref: string) => ref.slice(ref.indexOf('/') + 1);

/** The rules that hold, and what they ask for, by a table of their own. */
export class ApprovalRules {
  #now = RULE_SETS[0] as RuleSet;

  constructor(private readonly stage: Stage) {}

  /** Somebody with the right to write the policy repository changes the rules. */
  async write(file: number): Promise<undefined> {
    const set = RULE_SETS[file % RULE_SETS.length];
    const text = 'broken' in set ? set.broken : set.text;
    await this.stage.bench.pushToMain({ 'approvals.yaml': text });
    if (!('broken' in set)) this.#now = set;
    this.stage.count('rules');
    return undefined;
  }

  /** Whose approval the rules ask for at this moment, apart from those whose workloads are opened. */
  seats({ apiRef, callerRef }: StoredRequest): Seats[] {
    const owner = this.stage.company.ownerOfEntity(apiRef);
    const { billing, watched } = this.#now;
    return [
      ...(owner
        ? [
            {
              team: owner,
              count: apiRef === 'api:default/billing' ? billing : 1,
            },
          ]
        : []),
      ...(watched?.includes(nameOf(callerRef))
        ? [{ team: 'platform' as const, count: 1 }]
        : []),
    ];
  }

  /**
   * Why no rule can have approved a request at this moment, or `undefined` where one may have: it has to hold, nobody else may be
   * asked, and the meaning may be about nobody but the caller and the owners of the API.
   */
  refusal(
    request: StoredRequest,
    content: DigestContent,
    company: Company,
  ): string | undefined {
    const { auto, watched, billing } = this.#now;
    const { apiRef, callerRef, draft } = request;
    if (!auto) return 'no rule approves anything';
    const name = nameOf(callerRef);
    if (watched?.includes(name)) return 'the platform team is asked';
    if (billing > 1 && apiRef === 'api:default/billing')
      return 'two owners are asked';
    if (auto === 'reads' && !this.#reads(request, company))
      return 'it may be more than reading';
    if (auto !== 'reads' && !auto.includes(name))
      return 'no rule is about this caller';
    if (draft.acknowledges.length > 0 || content.gaps.length > 0)
      return 'it accepts gaps';
    if (content.flips.some(({ cut }) => cut.length > 0))
      return 'it cuts somebody';
    if (content.others?.length || content.opened?.length)
      return 'it is about policies of others, or opens to everybody';
    if (content.removed.some(({ caller }) => caller !== callerRef))
      return 'somebody else loses something';
    const side = company.ownerOfEntity(callerRef);
    const owner = company.ownerOfEntity(apiRef);
    for (const edge of content.edges) {
      const from = company.workload(edge.from);
      const to = company.workload(edge.to);
      if (edge.caller !== callerRef) return 'it is for other callers';
      if (from && company.ownerOf(from) !== side)
        return `${edge.from} is not the caller's`;
      if (!to || company.ownerOf(to) !== owner)
        return `${edge.to} is not the API's`;
      if (
        auto === 'reads' &&
        (edge.layers.method !== 'enforced' ||
          edge.requests.some(text => !text.startsWith('GET ')))
      )
        return 'it opens more than reading';
    }
    return undefined;
  }

  #reads({ apiRef, draft }: StoredRequest, company: Company): boolean {
    const api = company.apis[apiRef.split('/')[1]];
    return (
      api?.broken === undefined &&
      draft.operations.every(
        operation =>
          operation.id !== undefined &&
          api?.operations[operation.id]?.[0] === 'get',
      )
    );
  }
}

/** Whether some people, each of whom counts once, fill all seats. */
export function fills(
  seats: readonly Seats[],
  people: readonly string[],
  isMember: (person: string, team: Team) => boolean,
): boolean {
  const places = seats.flatMap(({ team, count }) =>
    new Array<Team>(count).fill(team),
  );
  const fill = (at: number, left: readonly string[]): boolean =>
    at === places.length ||
    left.some(
      person =>
        isMember(person, places[at]) &&
        fill(
          at + 1,
          left.filter(each => each !== person),
        ),
    );
  return fill(0, [...new Set(people)]);
}
