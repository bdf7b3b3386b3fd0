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
  const { random, workloads, withWaypoint } = context;
  // Most of them at a waypoint, where there is one, and half of those about the port, which is the Service's there.
  const behind = workloads.filter(each =>
    withWaypoint.includes(each.namespace),
  );
  const isAtWaypoint = behind.length > 0 && random.chance(0.7);
  const { namespace, name } = random.one(isAtWaypoint ? behind : workloads);
  const operations = (fields: Fields) => ({ to: [{ operation: fields }] });
  const sources = (fields: Fields) => ({ from: [{ source: fields }] });
  const isTemplate = (path: string) => path.includes('{');
  const ofPort = () =>
    operations({ ports: [random.one(['8080', '9090', '80', '5432'])] });
  const focus = random.one<() => Fields>([
    () => operations({ paths: [random.one(PATHS)] }),
    // What calls write in other ways.
    () => operations({ paths: ['/orders', '/secret/key'] }),
    () => operations({ paths: ['/orders', '/secret/key'] }),
    () => operations({ paths: [random.one(PATHS.filter(isTemplate))] }),
    // Which are empty where a path ends early.
    () => operations({ paths: ['/orders/{**}', '/files/{**}'] }),
    () => operations({ hosts: [random.one(HOSTS)] }),
    ofPort,
    () => sources({ principals: [principal(context)] }),
    () => sources({ notPrincipals: [principal(context)] }),
    () => sources({ ...source(context) }),
  ]);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'ap-focus', namespace },
    spec: {
      ...(isAtWaypoint && {
        targetRefs: [{ group: '', kind: 'Service', name }],
      }),
      ...(!isAtWaypoint &&
        random.chance(0.5) && { selector: { matchLabels: { app: name } } }),
      action: random.one(['ALLOW', 'ALLOW', 'DENY']),
      rules: [isAtWaypoint && random.chance(0.5) ? ofPort() : focus()],
    },
  };
}
