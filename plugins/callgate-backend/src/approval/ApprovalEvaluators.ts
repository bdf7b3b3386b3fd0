import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, stringifyError } from '@backstage/errors';
import type {
  AddedApproval,
  ApprovalEvaluator,
  ApprovalQuestion,
  CallgateApprovalRulesExtensionPoint,
} from '@callgate/plugin-callgate-node';
import { formatEntityRef, parseEntityRefText } from '@callgate/policy';
import { type Need, whoOf } from './needs';

const TIMEOUT_MS = 5_000;
const MOST_NEEDS = 10;
const MOST_PEOPLE = 10;
const ROLES: readonly unknown[] = [
  'api-owner',
  'caller-owner',
  'platform',
  'security',
];
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What one evaluator says of a request. */
export interface AddedNeeds {
  name: string;
  needs: readonly Need[];
  /** It gave no answer, or none that can be used, and asks for what it says it asks for then. */
  failed: boolean;
}

/** For where there is no code. */
export const NO_CODE = {
  ask: async (): Promise<AddedNeeds[]> => [],
};

/**
 * Code of modules that asks for approvals. Each is asked by itself, for a limited time: one that fails asks for what it says
 * it asks for then, and the others are as they were.
 */
export class ApprovalEvaluators implements CallgateApprovalRulesExtensionPoint {
  readonly #evaluators: ApprovalEvaluator[] = [];
  #logger: LoggerService | undefined;

  constructor(private readonly timeoutMs = TIMEOUT_MS) {}

  /** Sets where failures are logged. */
  logTo(logger: LoggerService): void {
    this.#logger = logger;
  }

  /** @throws InputError for a name that is none or taken, and for what is asked for without an answer */
  addEvaluator(
    ...evaluators: Array<ApprovalEvaluator | ApprovalEvaluator[]>
  ): void {
    for (const evaluator of evaluators.flat()) {
      const { name, otherwise } = evaluator;
      if (!NAME.test(name) || this.all.some(each => each.name === name)) {
        throw new InputError(
          `An approval evaluator is named ${JSON.stringify(
            name,
          )}: use small letters, digits and single - between them, and each name once`,
        );
      }
      if (!isAsked(otherwise) || otherwise.length === 0) {
        throw new InputError(
          `The approval evaluator ${name} does not say who approves where it gives no answer: otherwise must list roles or groups, each with a count from 1 to ${MOST_PEOPLE}`,
        );
      }
      this.#evaluators.push(evaluator);
    }
  }

  get all(): readonly ApprovalEvaluator[] {
    return this.#evaluators;
  }

  /** What all of them ask for. Never throws. */
  async ask(question: ApprovalQuestion | undefined): Promise<AddedNeeds[]> {
    return question
      ? Promise.all(this.all.map(each => this.#askOne(each, question)))
      : [];
  }

  async #askOne(
    evaluator: ApprovalEvaluator,
    question: ApprovalQuestion,
  ): Promise<AddedNeeds> {
    const { name, otherwise } = evaluator;
    const { api, caller } = question;
    const needsOf = (asked: readonly AddedApproval[]) =>
      asked.map((each): Need => {
        const known =
          'group' in each
            ? { group: groupOf(each.group)!, count: each.count ?? 1 }
            : { role: each.role, count: each.count ?? 1 };
        return {
          ...whoOf(known, api, caller),
          count: known.count,
          because: [name],
        };
      });
    try {
      const said = await this.#inTime(evaluator, question);
      if (!isAsked(said)) throw new Error('its answer is no list of approvals');
      return { name, needs: needsOf(said), failed: false };
    } catch (error) {
      this.#logger?.warn(
        `The approval evaluator ${name} gave no answer about ${api}: ${stringifyError(
          error,
        )}`,
      );
      return { name, needs: needsOf(otherwise), failed: true };
    }
  }

  async #inTime(
    evaluator: ApprovalEvaluator,
    question: ApprovalQuestion,
  ): Promise<unknown> {
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        controller.abort();
        reject(new Error(`no answer within ${this.timeoutMs} ms`));
      }, this.timeoutMs);
      timer.unref();
    });
    try {
      return await Promise.race([
        // A copy: one that changes what it was asked changes nothing for the others.
        evaluator.evaluate(structuredClone(question), {
          signal: controller.signal,
        }),
        late,
      ]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function groupOf(text: unknown): string | undefined {
  const parts =
    typeof text === 'string'
      ? parseEntityRefText(text, { kind: 'group' })
      : undefined;
  return parts?.kind === 'group' ? formatEntityRef(parts) : undefined;
}

/** Whether code said what can be counted: it is not ours, and types do not hold for it. */
function isAsked(value: unknown): value is readonly AddedApproval[] {
  return (
    Array.isArray(value) &&
    value.length <= MOST_NEEDS &&
    value.every(each => {
      const {
        role,
        group,
        count = 1,
      } = (each ?? {}) as Record<string, unknown>;
      return (
        (group === undefined
          ? ROLES.includes(role)
          : role === undefined && groupOf(group) !== undefined) &&
        Number.isInteger(count) &&
        Number(count) >= 1 &&
        Number(count) <= MOST_PEOPLE
      );
    })
  );
}
