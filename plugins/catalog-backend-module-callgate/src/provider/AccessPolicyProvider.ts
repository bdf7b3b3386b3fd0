import type {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
} from '@backstage/catalog-model';
import { stringifyError } from '@backstage/errors';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';
import {
  CALLGATE_EVENT_TOPIC,
  type CallgateChange,
  type Declarations,
} from '@callgate/plugin-callgate-common';
import { parseAccessPolicy } from '@callgate/policy';

/**
 * Puts the AccessPolicies of the policy repository's target branch into the catalog: on a schedule, and at once when
 * Callgate tells that the branch has moved. Files that do not parse keep the entity of their last good version out:
 * the API's page says what is wrong with them.
 */
export class AccessPolicyProvider implements EntityProvider {
  #connection?: EntityProviderConnection;
  #commit?: string;

  constructor(
    private readonly options: {
      fetchDeclarations: () => Promise<Declarations>;
      taskRunner: SchedulerServiceTaskRunner;
      events: EventsService;
      logger: LoggerService;
    },
  ) {}

  getProviderName(): string {
    return 'callgate:policy-repository';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    const { taskRunner, events } = this.options;
    await taskRunner.run({
      id: 'callgate-access-policies',
      fn: () => this.refresh(),
    });
    await events.subscribe({
      id: 'catalog-callgate-access-policies',
      topics: [CALLGATE_EVENT_TOPIC],
      onEvent: async ({ eventPayload }) => {
        if ((eventPayload as Partial<CallgateChange>).subject === 'access') {
          await this.refresh();
        }
      },
    });
  }

  /** Reads the target branch and replaces what the catalog has of it. What cannot be read stays as it is. */
  async refresh(): Promise<void> {
    const { fetchDeclarations, logger } = this.options;
    let declarations: Declarations;
    try {
      declarations = await fetchDeclarations();
    } catch (error) {
      logger.warn(
        `AccessPolicies could not be read; the catalog keeps those it has: ${stringifyError(
          error,
        )}`,
      );
      return;
    }
    if (declarations.commit === this.#commit) {
      return;
    }
    await this.#connection?.applyMutation({
      type: 'full',
      entities: declarations.items.flatMap(({ file, text }) => {
        const { policy } = parseAccessPolicy({ path: file, text });
        return policy
          ? [
              {
                entity: toEntity(policy, file),
                locationKey: this.getProviderName(),
              },
            ]
          : [];
      }),
    });
    this.#commit = declarations.commit;
  }
}

function toEntity(policy: object, file: string): Entity {
  const entity = policy as Entity;
  const location = `callgate-policy-repository:${file}`;
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: {
        ...entity.metadata.annotations,
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
      },
    },
  };
}
