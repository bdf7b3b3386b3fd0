import { Namespace, parse, ReflectionObject, Service } from 'protobufjs';
import { finding } from '../findings';
import { blankTypes } from './blankTypes';
import { ApiDefinition, Contract, OfferedOperation } from './types';
import { entity, said } from '../words';

/** Levels that say whether a method has side effects (descriptor.proto, MethodOptions); without one nobody says. */
const SIDE_EFFECTS = new Map([
  ['NO_SIDE_EFFECTS', false],
  ['IDEMPOTENT', true],
]);

function servicesOf(object: ReflectionObject): Service[] {
  if (object instanceof Service) return [object];
  if (object instanceof Namespace)
    return object.nestedArray.flatMap(servicesOf);
  return [];
}

function operationsOf(service: Service): OfferedOperation[] {
  const name = service.fullName.replace(/^\./, '');
  return service.methodsArray.map(method => {
    const options = (method.options ?? {}) as Record<string, unknown>;
    const writes = SIDE_EFFECTS.get(String(options.idempotency_level));
    const summary = method.comment?.split('\n')[0];
    return {
      id: `${name}/${method.name}`,
      kind: 'grpc',
      service: name,
      rpc: method.name,
      tag: name,
      ...(summary && { summary }),
      ...(options.deprecated === true && { deprecated: true }),
      writes: writes ?? true,
      ...(writes === undefined && { assumed: true }),
    };
  });
}

const NO_SERVICE =
  'Give the API the definition that has its services; one with types alone says nothing about who calls what.';

const OPTIONS = { keepCase: true, alternateCommentMode: true };

function rootOf(definition: string): Namespace {
  try {
    return parse(definition, OPTIONS).root;
  } catch (error) {
    const services = blankTypes(definition);
    if (services === undefined) throw error;
    try {
      return parse(services, OPTIONS).root;
    } catch {
      // What is wrong with the whole says more.
      throw error;
    }
  }
}

/**
 * The gRPC methods of a protobuf definition. Imports are not followed and types are not resolved: services and methods
 * need neither.
 *
 * @throws Error with a line number when the text is no protobuf definition
 */
export function readProtobuf(api: ApiDefinition): Contract {
  const operations = servicesOf(rootOf(api.definition))
    .flatMap(operationsOf)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    kind: 'grpc',
    readable: true,
    operations,
    basePath: '',
    findings:
      operations.length > 0
        ? []
        : [
            finding(
              'contract-empty',
              said`The definition of ${entity(
                api.ref,
              )} has no service: nothing but its port can be granted`,
              { objects: [api.ref], api: api.ref, fix: NO_SERVICE },
            ),
          ],
    defects: [],
  };
}
