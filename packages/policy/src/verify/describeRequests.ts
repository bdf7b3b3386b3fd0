import type { RequestSet } from '../requestset/RequestSet';
import { toAccessRanges } from '../requestset/toAccessRanges';

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
      const entries = http.map(entry => {
        const methods =
          entry.methods?.join(',') ??
          (entry.notMethods
            ? `not ${entry.notMethods.join(',')}`
            : 'any method');
        const paths =
          entry.paths?.join(' ') ??
          (entry.notPaths ? `not ${entry.notPaths.join(' ')}` : 'any path');
        return `${methods} ${paths}${entry.exact ? '' : ' (and more)'}`;
      });
      return `${port}: ${entries.join('; ')}`;
    })
    .join(', ');
}
