import type { CascadeFlag as CoreFlag } from '@callgate/policy';
import type { CascadeFlag } from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import type { Ownership, Person } from '../ownership';
import type { Sight } from './AccessService';
import { isCovered } from './Cascade';
import type { AccessFacts } from './views/AccessFacts';
import { toFlag } from './views/flags';
import type { LabelOf } from './views/Labels';
import { contractOf } from './views/operations';
import { isOfGrant, ownedOf } from './withFlags';

/** Where nothing has become of anything, nothing is said of it. */
export function some(flags: CascadeFlag[]): { flags?: CascadeFlag[] } {
  return flags.length > 0 ? { flags } : {};
}

/** What has become of the things that grants name, as one person reads it. */
export class Flags {
  static async of(options: {
    facts: AccessFacts;
    flags: readonly CoreFlag[];
    ownership: Ownership;
    person: Person;
    /** Requests under way that the person may see. */
    open: readonly StoredRequest[];
    sight: Sight;
  }): Promise<Flags> {
    const { facts, flags, ownership, person, open, sight } = options;
    return new Flags(
      facts,
      flags,
      open,
      await ownedOf({ ownership }, flags, person, sight.asks),
    );
  }

  /** For somebody to whom nothing is offered. */
  static told(facts: AccessFacts, flags: readonly CoreFlag[]): Flags {
    return new Flags(facts, flags, [], new Set());
  }

  private constructor(
    private readonly facts: AccessFacts,
    private readonly flags: readonly CoreFlag[],
    private readonly open: readonly StoredRequest[],
    private readonly owned: ReadonlySet<string>,
  ) {}

  /** Everything about a grant, and about its API; nothing where there is nothing. */
  on(
    api: string,
    grantId: string,
    labelOf: LabelOf,
  ): { flags?: CascadeFlag[] } {
    return some([
      ...this.ofGrant(api, grantId, labelOf),
      ...this.ofApi(api, labelOf),
    ]);
  }

  ofGrant(api: string, grantId: string, labelOf: LabelOf): CascadeFlag[] {
    return this.flags
      .filter(
        flag => isOfGrant(flag) && flag.api === api && flag.grantId === grantId,
      )
      .map(flag => this.#told(flag, labelOf));
  }

  /** Those that are about an API and none of its grants. */
  ofApi(api: string, labelOf: LabelOf): CascadeFlag[] {
    return this.flags
      .filter(flag => !isOfGrant(flag) && flag.api === api)
      .map(flag => this.#told(flag, labelOf));
  }

  #told(flag: CoreFlag, labelOf: LabelOf): CascadeFlag {
    const { facts } = this;
    return toFlag(flag, {
      contract: contractOf(facts.entity(flag.api), flag.api),
      labelOf,
      owned: this.owned,
      open: this.open,
      grantOf: id =>
        facts.policyOf(flag.api)?.spec.grants.find(each => each.id === id),
      isCovered: each => isCovered(facts.snapshot, each),
    });
  }
}
