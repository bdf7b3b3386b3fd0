import type { RequestSet } from '../requestset/RequestSet';
import { toAccessRanges } from '../requestset/toAccessRanges';
import type { HttpEntry } from '../requestset/types';

/**
 * A set of requests for people: `TCP 8080: GET /orders/{*}`.
 *
 * @public
 */
export function describeRequests(requests: RequestSet): string {
  return toAccessRanges(requests)
    .map(({ protocol, ports, http }) => {
      const port = `${protocol} ${ports}`;
      if (!http) {
        return port;
      }
      const entries = http.map(describeHttp);
      return `${port}: ${entries.join('; ')}`;
    })
    .join(', ');
}

/** What is left of everything is said as everything but that: `GET on any path but /admin`. */
function describeHttp({
  methods,
  notMethods,
  paths,
  notPaths,
  exact,
}: HttpEntry): string {
  const others = notMethods && `any method but ${notMethods.join(', ')}`;
  const method = methods?.join(',') ?? others ?? 'any method';
  const rest = notPaths
    ? `on any path but ${notPaths.join(' ')}`
    : 'on any path';
  return `${method} ${paths?.join(' ') ?? rest}${exact ? '' : ' (and more)'}`;
}
