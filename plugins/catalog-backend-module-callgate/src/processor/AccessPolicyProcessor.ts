import {
  ANNOTATION_LOCATION,
  getCompoundEntityRef,
  parseEntityRef,
  RELATION_OWNED_BY,
  RELATION_OWNER_OF,
  type CompoundEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import {
  processingResult,
  type CatalogProcessor,
  type CatalogProcessorEmit,
} from '@backstage/plugin-catalog-node';
import {
  accessPolicySchema,
  parseCallerRef,
  type AccessPolicy,
} from '@callgate/policy';
import { ANNOTATION_NOT_READABLE } from '@callgate/plugin-callgate-common';
import { POLICY_REPOSITORY_LOCATION } from '../location';
import {
  RELATION_ADMITS,
  RELATION_ADMITTED_BY,
  RELATION_GUARDED_BY,
  RELATION_GUARDS,
} from '../relations';

/**
 * Makes `AccessPolicy` a kind of the catalog: checks it by the schema that compiling uses, and relates it to its owner,
 * its API and its callers.
 *
 * @public
 */
export class AccessPolicyProcessor implements CatalogProcessor {
  getProcessorName(): string {
    return 'callgate:AccessPolicyProcessor';
  }

  async validateEntityKind(entity: Entity): Promise<boolean> {
    if (
      entity.kind !== 'AccessPolicy' ||
      !entity.apiVersion.startsWith('callgate.dev/')
    ) {
      return false;
    }
    if (isUnreadable(entity)) return true;
    const {
      name,
      namespace = 'default',
      title,
      description,
      annotations,
      labels,
    } = entity.metadata;
    const result = accessPolicySchema.safeParse({
      apiVersion: entity.apiVersion,
      kind: entity.kind,
      // The catalog adds fields of its own to the metadata.
      metadata: {
        name,
        namespace,
        ...defined({ title, description, annotations, labels }),
      },
      spec: entity.spec,
    });
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new InputError(
        `${issue.path.join('.') || 'AccessPolicy'}: ${issue.message}`,
      );
    }
    return true;
  }

  async postProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    emit: CatalogProcessorEmit,
  ): Promise<Entity> {
    if (
      entity.kind === 'AccessPolicy' &&
      entity.apiVersion.startsWith('callgate.dev/')
    ) {
      const { spec } = entity as unknown as {
        // What is not readable has its API alone.
        spec: Pick<AccessPolicy['spec'], 'api'> & Partial<AccessPolicy['spec']>;
      };
      const source = getCompoundEntityRef(entity);
      const relate = (
        type: string,
        inverse: string,
        target: CompoundEntityRef,
      ) => {
        emit(processingResult.relation({ source, type, target }));
        emit(
          processingResult.relation({
            source: target,
            type: inverse,
            target: source,
          }),
        );
      };
      const defaults = { defaultNamespace: source.namespace };
      if (spec.owner !== undefined) {
        relate(
          RELATION_OWNED_BY,
          RELATION_OWNER_OF,
          parseEntityRef(spec.owner, { ...defaults, defaultKind: 'group' }),
        );
      }
      relate(
        RELATION_GUARDS,
        RELATION_GUARDED_BY,
        parseEntityRef(spec.api, { ...defaults, defaultKind: 'api' }),
      );
      const callers = new Set(spec.grants?.map(({ caller }) => caller));
      for (const caller of callers) {
        const parsed = parseCallerRef(caller, source.namespace);
        if (parsed?.kind === 'entity' || parsed?.kind === 'set') {
          relate(
            RELATION_ADMITS,
            RELATION_ADMITTED_BY,
            parseEntityRef(parsed.ref),
          );
        }
      }
    }
    return entity;
  }
}

/** Whether the policy repository has it as a file that does not parse. Nobody else may say so of theirs. */
function isUnreadable({ metadata, spec }: Entity): boolean {
  const { annotations = {} } = metadata;
  return (
    annotations[ANNOTATION_NOT_READABLE] !== undefined &&
    annotations[ANNOTATION_LOCATION]?.startsWith(
      `${POLICY_REPOSITORY_LOCATION}:`,
    ) === true &&
    typeof spec?.api === 'string'
  );
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  );
}
