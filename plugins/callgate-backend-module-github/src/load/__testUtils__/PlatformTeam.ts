import type { Office } from './Office';
import type { Dice } from './random';
import type { Tally } from './Tally';

/** The platform team at GitHub, which merges and sometimes closes, and the tasks of every backend beside them. */
export class PlatformTeam {
  /** Numbers of pull requests in the order in which they were merged. */
  readonly merged: number[] = [];
  /** Branches that had two open pull requests at once. */
  readonly twice: string[] = [];
  #stopped = false;

  constructor(
    private readonly office: Office,
    private readonly dice: Dice,
    private readonly tally: Tally,
  ) {}

  stop(): void {
    this.#stopped = true;
  }

  async work(): Promise<void> {
    await Promise.all([
      this.#mergeNowAndThen(),
      ...this.office.replicas.map(async ({ run }) => {
        while (!this.#stopped) {
          for (const task of ['build-proposals', 'sync-proposals'])
            await this.tally.timed(task, run(task));
          await run('follow-grants');
          await pause(50);
        }
      }),
    ]);
  }

  /** Merges everything that can be merged now. */
  mergeAll(): number {
    const before = this.merged.length;
    for (const { number } of this.#open()) this.#merge(number);
    return this.merged.length - before;
  }

  async #mergeNowAndThen(): Promise<void> {
    while (!this.#stopped) {
      const open = this.#open();
      const branches = open.map(({ branch }) => branch);
      this.twice.push(
        ...branches.filter((each, at) => branches.indexOf(each) !== at),
      );
      if (open.length > 0) {
        const { number } = this.dice.one(open);
        if (this.dice.chance(0.05)) {
          this.office.forge.close(number, 'Not now');
          this.tally.count('pull request closed');
        } else this.#merge(number);
      }
      await pause(250);
    }
  }

  #open() {
    return this.office.forge.pulls.filter(({ state }) => state === 'open');
  }

  #merge(number: number): void {
    const { forge } = this.office;
    const { branch } = forge.pull(number);
    const head = forge.repository.head(branch);
    // As a rule of the forge asks for: only what Callgate says it has proved.
    const proved = forge.statuses
      .filter(
        ({ sha, context }) => sha === head && context === 'callgate/meaning',
      )
      .at(-1);
    if (proved?.state !== 'success') {
      this.tally.count('not merged: not proved');
      return;
    }
    try {
      forge.merge(number);
    } catch {
      this.tally.count('not merged: conflict');
      return;
    }
    this.merged.push(number);
    this.tally.count('pull request merged');
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, milliseconds);
  });
}
