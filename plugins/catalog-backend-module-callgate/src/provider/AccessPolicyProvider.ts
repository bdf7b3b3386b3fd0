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
  ANNOTATION_NOT_READABLE,
  CALLGATE_EVENT_TOPIC,
  type CallgateEvent,
  type Declarations,
} from '@callgate/plugin-callgate-common';
import {
  declaredApiOf,
  type Finding,
  parseAccessPolicy,
  parseEntityRefText,
} from '@callgate/policy';
import { POLICY_REPOSITORY_LOCATION } from '../location';

/**
 * Puts the AccessPolicies of the policy repository's target branch into the catalog: on a schedule, and at once when
 * Callgate tells that the branch has moved. A file that does not parse is an entity with its API and with what is wrong, and
 * nothing else: which grants it has is not known.
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
        if ((eventPayload as Partial<CallgateEvent>).subject === 'access') {
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
        const { policy, findings } = parseAccessPolicy({ path: file, text });
        const broken = policy ? undefined : toBroken(file, text, findings);
        const entity = policy ?? broken;
        return entity
          ? [
              {
                entity: toEntity(entity, file),
                locationKey: this.getProviderName(),
              },
            ]
          : [];
      }),
    });
    this.#commit = declarations.commit;
  }
}

/** What is known of a declaration that does not parse; nothing where its text does not say whose access it is about. */
function toBroken(
  file: string,
  text: string,
  findings: readonly Finding[],
): object | undefined {
  const api = declaredApiOf({ path: file, text });
  const parts = api && parseEntityRefText(api);
  if (!parts) return undefined;
  const [first] = findings;
  const place = first?.at?.line ? ` (${file}, line ${first.at.line})` : '';
  return {
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'AccessPolicy',
    metadata: {
      name: parts.name,
      namespace: parts.namespace,
      annotations: {
        [ANNOTATION_NOT_READABLE]: first
          ? `${first.message}${place}`
          : 'The declaration cannot be read.',
      },
    },
    spec: { api },
  };
}

function toEntity(policy: object, file: string): Entity {
  const entity = policy as Entity;
  const location = `${POLICY_REPOSITORY_LOCATION}:${file}`;
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
