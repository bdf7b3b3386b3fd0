import type { ReachableOperations } from '@callgate/policy';
import type {
  Operation,
  UngrantedAccess,
} from '@callgate/plugin-callgate-common';

/** What some requests come to: operations of the API, ports with everything on them, and whatever else. */
export function reachedOperations({
  operations,
  everythingOn,
  others,
}: ReachableOperations): Pick<
  UngrantedAccess,
  'operations' | 'others' | 'everythingOn'
> {
  const ports = everythingOn.map(({ protocol, ports: on }) =>
    on === '1-65535' ? `every ${protocol} port` : `${protocol} ${on}`,
  );
  return {
    operations: operations.map((operation): Operation => ({ ...operation })),
    others: others.flatMap(({ http = [] }) =>
      http.map(({ key: _, ...entry }) => entry),
    ),
    ...(ports.length > 0 && { everythingOn: ports.join(', ') }),
  };
}
