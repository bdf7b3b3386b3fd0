import type { DecidersOf, Ownership } from '../ownership';
import type { Need } from './needs';
import type { StaffedNeed } from './tally';

/** Finds the people of needs, as the catalog has them now. Lives as long as one act. */
export class Staffing {
  constructor(
    private readonly ownership: Ownership,
    /** Full refs of groups; absent: nobody is. */
    private readonly teams: { platformTeam?: string; securityTeam?: string },
  ) {}

  /** Nobody decides on what they asked for, in whatever role: the requester is nobody's candidate. */
  async staff(
    needs: readonly Need[],
    requester: string,
  ): Promise<StaffedNeed[]> {
    return Promise.all(
      needs.map(async need => ({
        need,
        who: await this.#who(need, requester),
      })),
    );
  }

  async #who(need: Need, requester: string): Promise<DecidersOf> {
    switch (need.kind) {
      case 'api-owner':
        return this.ownership.deciders(need.api, requester);
      case 'caller-owner':
        return this.#membersOf(
          await this.ownership.ownersOf(need.caller),
          requester,
        );
      case 'platform':
        return this.#team(this.teams.platformTeam, requester);
      case 'security':
        return this.#team(this.teams.securityTeam, requester);
      case 'group':
        return this.#membersOf([need.group], requester);
      default:
        // A need that a newer version stored: nobody is known to meet it.
        return { owners: [], people: [], fallback: false };
    }
  }

  #team(group: string | undefined, requester: string): Promise<DecidersOf> {
    return this.#membersOf(group ? [group] : [], requester);
  }

  async #membersOf(owners: string[], requester: string): Promise<DecidersOf> {
    const people = await this.ownership.peopleOf(owners);
    const askers = await this.ownership.askers(requester);
    return {
      owners,
      people: people.filter(ref => !askers.has(ref)),
      fallback: false,
    };
  }
}
