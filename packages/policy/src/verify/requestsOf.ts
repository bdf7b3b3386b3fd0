import type { PathPattern } from '../model/pathPattern';
import type { Edge } from '../plan/types';
import { RequestSet } from '../requestset/RequestSet';
import type { PathAtom } from '../requestset/types';

/**
 * What an edge declares, as a set of requests. A parameter is one segment of
 * the alphabet that Istio's `{*}` has, a last `{name+}` is `{**}`: that is what
 * a declaration means wherever methods are enforced.
 */
export function requestsOf(
  edge: Pick<Edge, 'protocol' | 'port' | 'http'>,
): RequestSet {
  const { protocol, port, http } = edge;
  if (!http) {
    return RequestSet.of({ protocol, ports: [port] });
  }
  return http
    .map(({ methods, paths }) =>
      RequestSet.of({
        protocol,
        ports: [port],
        ...(methods.length > 0 && { methods }),
        paths: paths.map(pathAtomOf),
      }),
    )
    .reduce((all, each) => all.union(each), RequestSet.empty);
}

function pathAtomOf(pattern: PathPattern): PathAtom {
  const text = `/${pattern.segments
    .map(segment => {
      switch (segment.kind) {
        case 'literal':
          return segment.text;
        case 'any':
          return '{*}';
        default:
          return '{**}';
      }
    })
    .join('/')}`;
  return pattern.segments.every(({ kind }) => kind === 'literal')
    ? { exact: text }
    : { template: text };
}
