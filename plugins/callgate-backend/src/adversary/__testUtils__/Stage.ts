import type { DigestContent } from '@callgate/policy';
import { AdversaryBench } from './AdversaryBench';
import { Company, PEOPLE, type Team } from './Company';
import type { Who } from './Step';

/** Something that must never be. */
export class Violation extends Error {
  readonly name = 'Violation';
}

/** How a change of effective access came about, and so what may be gained by it. */
export type Cause =
  | { by: 'nothing' }
  | { by: 'hand' }
  | { by: 'estate'; team: Team }
  | {
      by: 'merge';
      /** What the merged requests say, where one of them ends or changes a grant: nothing else may be lost. */
      told?: readonly DigestContent[];
    };

const REFUSED = new Set([
  'ConflictError',
  'InputError',
  'NotAllowedError',
  'NotFoundError',
]);

/** What all parts of a sequence share: the service, the company, and what has happened so far. */
export class Stage {
  /** What happened, for people. */
  readonly log: string[] = [];
  /** How often something came about, to see that sequences get anywhere. */
  readonly counts: Record<string, number> = {};

  constructor(readonly bench: AdversaryBench, readonly company: Company) {}

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Somebody for a team's part; anybody else where the step says so or there is nobody. */
  person({ as, pick }: Who, right: (Team | undefined)[]): string {
    const { company } = this;
    const teams = right.filter(team => team !== undefined);
    const team = as === 'other-right' ? teams[teams.length - 1] : teams[0];
    if (team && as === 'former' && company.former[team].length > 0)
      return company.former[team][0];
    if (team && as === 'program') return `bot-${team}`;
    const members = team && as !== 'anybody' ? [...company.members[team]] : [];
    return members.length > 0
      ? members[pick % members.length]
      : PEOPLE[pick % PEOPLE.length];
  }

  /** A write that is refused in words is as good as one that is done; anything else is a fault. */
  async tried<T>(write: () => Promise<T>): Promise<T | undefined> {
    try {
      return await write();
    } catch (error) {
      const { name, message, stack, code } = error as Error & { code?: string };
      if (!REFUSED.has(name)) throw new Violation(`A write fails: ${stack}`);
      this.log.push(`  refused: ${code ?? name}: ${message}`);
      this.count(`refused: ${code ?? name}`);
      return undefined;
    }
  }
}
