import fc from 'fast-check';
import { MeshMode } from '../estate/types';
import { createWorld } from './World';
import { evaluate } from './evaluate';
import { RequestSet } from '../requestset/RequestSet';
import { Request } from '../requestset/types';
import { servicesOf, targetPort } from '../estate/serviceLookup';
import { WorkloadParty } from './party';
import { Call, VerdictValue } from './types';
import { ServiceAddress } from './ways/Way';
import { clusterOf, statedProfile } from './__testUtils__/worlds';
import {
  clean,
  optional,
  randomObjects,
  randomWaypointObjects,
} from './__testUtils__/randomWorlds';

const call = fc.record({
  from: fc.nat(4),
  to: fc.nat(4),
  protocol: fc.constantFrom(
    'TCP' as const,
    'TCP' as const,
    'TCP' as const,
    'UDP' as const,
    'SCTP' as const,
  ),
  port: fc.constantFrom(8080, 8080, 8080, 9090, 8500, 53),
  http: optional(
    fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      path: fc.constantFrom(
        '/a',
        '/a/',
        '/a/x',
        '/a/secret',
        '/x/b',
        '/a/x/y',
        '/index.html',
        '/',
        '/{id}',
      ),
      host: optional(fc.constantFrom('shop.a', 'SHOP.a', 'evil.com', 'other')),
    }),
  ),
  tls: optional(fc.constantFrom('mtls' as const, 'plaintext' as const)),
  via: optional(fc.constantFrom('pod' as const, 0, 1)),
});

function expectedVerdict(
  bounds: { sure: RequestSet; possible: RequestSet },
  request: Request,
): VerdictValue {
  if (bounds.sure.contains(request)) return 'allow';
  return bounds.possible.mayContain(request) ? 'conditional' : 'deny';
}

/** A Service that leads to the port of the call, or the pod. */
function addressOf(
  to: WorkloadParty,
  {
    via,
    port,
    protocol,
  }: { via?: 'pod' | number; port: number; protocol: string },
): 'pod' | ServiceAddress | undefined {
  if (typeof via !== 'number') return via;
  const service = servicesOf(to.cluster, to.workload)[via];
  const leading = service?.ports.find(
    each =>
      each.protocol === protocol && targetPort(each, to.workload) === port,
  );
  return leading && { service, port: leading };
}

const ADDRESSES = ['10.1.2.3', '192.168.0.0/24'];

describe('evaluate and effective access', () => {
  it.each([
    ['random worlds', randomObjects, 800],
    ['worlds with waypoints', randomWaypointObjects, 500],
  ])(
    'agree on every call in %s: sure means allow, not possible means deny',
    (_, objects, runs) => {
      let seen = { allow: 0, deny: 0, conditional: 0 };
      fc.assert(
        fc.property(
          objects,
          fc.array(call, { minLength: 1, maxLength: 6 }),
          fc.constantFrom<MeshMode | 'detect'>(
            'sidecar',
            'sidecar',
            'none',
            'detect',
            'ambient',
          ),
          fc.constantFrom<string[]>([], ['10.0.0.0/16'], ['10.0.0.0/8']),
          fc.record({
            ambientDryRun: fc.boolean(),
            autoAllowWaypoint: fc.constantFrom(false, false, true),
            layeredWaypointPolicies: fc.constantFrom(false, false, true),
            ztunnelVersion: fc.constantFrom('', '1.28.1', '1.29.0'),
          }),
          (world, calls, mesh, podCidrs, { ztunnelVersion, ...flags }) => {
            const profile = statedProfile({
              mesh: {
                rootNamespace: 'istio-system',
                trustDomain: 'td',
                trustDomainAliases: ['old'],
                pathNormalization: 'BASE',
                ...flags,
                ...(ztunnelVersion ? { ztunnelVersion } : {}),
              },
              network: {
                podCidrs,
                nodeCidrs: ['172.16.0.0/12'],
                serviceCidrs: [],
              },
            });
            const compiled = createWorld([clusterOf(world, { profile, mesh })]);
            const names = [...compiled.parties.keys()];
            for (const each of calls) {
              const ends = [...names, ...ADDRESSES];
              const from = ends[each.from % ends.length];
              const to = names[each.to % names.length];
              const [source_, target] = [
                compiled.resolve(from),
                compiled.resolve(to),
              ];
              if (!source_ || target?.kind !== 'workload')
                throw new Error('unreachable');
              const via = addressOf(target, each);
              const asked: Call = clean({
                ...each,
                via:
                  typeof via === 'object'
                    ? { service: via.service.id, port: via.port.port }
                    : via,
                from,
                to,
                http:
                  each.protocol === 'TCP' && each.http
                    ? clean(each.http)
                    : undefined,
              }) as Call;
              const verdict = evaluate(compiled, asked);
              const bounds = compiled.pairBounds(
                source_,
                target,
                clean({ tls: asked.tls, via }),
              );
              const request = {
                protocol: each.protocol,
                port: each.port,
                ...(asked.http ?? {}),
              };
              expect(bounds.sure.isSubset(bounds.possible)).toBe(true);
              expect(verdict.verdict).toBe(expectedVerdict(bounds, request));
              expect(verdict.conditions.length > 0).toBe(
                verdict.verdict === 'conditional',
              );
              seen = { ...seen, [verdict.verdict]: seen[verdict.verdict] + 1 };
            }
          },
        ),
        { numRuns: Number(process.env.CALLGATE_FUZZ_RUNS ?? runs) },
      );
      // The worlds must not be so strict or so open that agreeing is easy.
      expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
    },
  );
});
