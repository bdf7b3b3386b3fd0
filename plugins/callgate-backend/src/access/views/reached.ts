import { methodWrites, type AccessPlace } from '@callgate/policy';
import type { Edge, Operation } from '@callgate/plugin-callgate-common';

/** What some places let through: operations of the API, whatever else, and ports on which it is everything. */
export function reachedOperations(
  places: readonly AccessPlace[],
): Pick<Edge, 'operations' | 'everythingOn'> {
  const operations = new Map<string, Operation>();
  for (const { can } of places) {
    const others = can.others.flatMap(({ http = [] }) =>
      http.flatMap(({ methods = ['*'], paths = ['/*'] }) =>
        methods.flatMap(method =>
          paths.map(
            (path): Operation => ({
              kind: 'http',
              method,
              path: path.split('{**}').join('{rest+}').split('{*}').join('{…}'),
              writes: methodWrites(method),
            }),
          ),
        ),
      ),
    );
    for (const operation of [...can.operations, ...others])
      operations.set(JSON.stringify(operation), operation);
  }
  const ports = new Set(
    places.flatMap(({ can }) =>
      can.everythingOn.map(({ protocol, ports: on }) =>
        on === '1-65535' ? `every ${protocol} port` : `${protocol} ${on}`,
      ),
    ),
  );
  return {
    operations: [...operations.values()],
    ...(ports.size > 0 && { everythingOn: [...ports].join(', ') }),
  };
}
