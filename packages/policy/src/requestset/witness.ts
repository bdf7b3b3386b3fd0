import { answerOr } from './budget';
import { HttpSet } from './HttpSet';
import { Lang } from './Lang';
import { PROTOCOLS, RequestSet } from './RequestSet';
import { Request } from './types';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** The first of the given texts that is in the language, or a shortest one of it. */
function pick(lang: Lang, preferred: readonly string[]): string {
  return preferred.find(text => lang.accepts(text)) ?? lang.shortest() ?? '';
}

function httpWitness(
  requests: HttpSet,
): { method: string; path: string; host?: string } | undefined {
  const options = requests.http.parts.flatMap(({ guard, value }) =>
    value.parts.map(({ guard: hosts, value: paths }) => ({
      methods: guard,
      hosts,
      paths,
    })),
  );
  const preferred = METHODS.flatMap(method =>
    options.filter(option => option.methods.accepts(method)),
  );
  const option = preferred[0] ?? options[0];
  if (!option) return undefined;
  const slashed = answerOr(
    () => option.paths.intersect(Lang.of([{ prefix: '/' }])),
    () => Lang.empty,
  );
  return {
    method: pick(option.methods, METHODS),
    path: pick(slashed.isEmpty ? option.paths : slashed, ['/']),
    ...(option.hosts.isFull ? {} : { host: pick(option.hosts, []) }),
  };
}

/**
 * One request of the set, or `undefined` when it is empty. Where everything is
 * in the set it has no method: it stands for a connection.
 *
 * @public
 */
export function witness(set: RequestSet): Request | undefined {
  for (const protocol of PROTOCOLS) {
    const segment = set.segments(protocol)[0];
    if (!segment) continue;
    const { from: port, requests } = segment;
    if (set.contains({ protocol, port })) return { protocol, port };
    const http = httpWitness(requests);
    return { protocol, port, ...http };
  }
  return undefined;
}
