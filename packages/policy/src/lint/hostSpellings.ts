import { Service } from '../estate/types';
import { Check, LintContext } from './LintContext';
import { few, notice } from './notice';
import { valuesOf } from './valuesOf';

/** How callers in the cluster write the host of a Service; the first from its own namespace alone. */
function spellingsOf({ name, namespace }: Service): string[] {
  const long = `${name}.${namespace}`;
  return [name, long, `${long}.svc`, `${long}.svc.cluster.local`];
}

function serviceOf(
  host: string,
  namespace: string,
  { cluster }: LintContext,
): Service | undefined {
  return cluster.services.find(
    service =>
      spellingsOf(service).includes(host) &&
      // A bare name is a Service of the policy's namespace, or somebody's own word.
      (host.includes('.') || service.namespace === namespace),
  );
}

/** Rules that name a Service by some of its names: Host is compared as it was sent. */
export const hostSpellings: Check = context =>
  context.authorizations.flatMap(({ manifest, namespace, spec }) => {
    const seen = new Set<string>();
    return [...valuesOf(spec)].flatMap(each => {
      const { value, name, list, beside, isNegative } = each;
      const place = JSON.stringify(list);
      if (name !== 'hosts' || value.includes('*') || seen.has(place)) return [];
      const service = serviceOf(value.replace(/:\d+$/, ''), namespace, context);
      if (!service) return [];
      seen.add(place);
      const field = beside.find(other => other.name === 'hosts');
      const listed = (isNegative ? field?.notValues : field?.values) ?? [];
      const covers = (spelling: string) =>
        listed.some(
          other =>
            other === '*' ||
            other.replace(/:(?:\d+|\*)$/, '') === spelling ||
            (other.endsWith('*') && spelling.startsWith(other.slice(0, -1))) ||
            (other.startsWith('*') && spelling.endsWith(other.slice(1))),
        );
      const missing = spellingsOf(service).filter(
        spelling => !covers(spelling),
      );
      return missing.length === 0
        ? []
        : [
            notice('host-spellings', {
              manifest,
              path: list,
              text: `names Service ${service.id} as ${few(
                listed,
              )}: Host is compared as it is sent, so that requests to ${few(
                missing,
              )} do not match.`,
              others: [`Service ${service.id}`],
            }),
          ];
    });
  });
