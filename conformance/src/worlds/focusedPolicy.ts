import {
  Fields,
  HOSTS,
  PATHS,
  principal,
  source,
} from './randomAuthorizationPolicy';
import type { WorldContext } from './randomWorld';
import { Manifest } from './types';

/** One policy of one rule about one thing: what that field says decides alone. */
export function focusedPolicy(context: WorldContext): Manifest {
  const { random, workloads } = context;
  const { namespace, name } = random.one(workloads);
  const operations = (fields: Fields) => ({ to: [{ operation: fields }] });
  const sources = (fields: Fields) => ({ from: [{ source: fields }] });
  const isTemplate = (path: string) => path.includes('{');
  const focus = random.one<() => Fields>([
    () => operations({ paths: [random.one(PATHS)] }),
    () => operations({ paths: [random.one(PATHS.filter(isTemplate))] }),
    () => operations({ hosts: [random.one(HOSTS)] }),
    () => sources({ principals: [principal(context)] }),
    () => sources({ notPrincipals: [principal(context)] }),
    () => sources({ ...source(context) }),
  ]);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'ap-focus', namespace },
    spec: {
      ...(random.chance(0.5) && { selector: { matchLabels: { app: name } } }),
      action: random.one(['ALLOW', 'ALLOW', 'DENY']),
      rules: [focus()],
    },
  };
}
