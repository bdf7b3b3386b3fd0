import fc from 'fast-check';
import { MeshMode } from '../estate/types';
import { createWorld } from './World';
import { evaluate } from './evaluate';
import { RequestSet } from '../requestset/RequestSet';
import { Request } from '../requestset/types';
import { Call, VerdictValue } from './types';
import { clusterOf, statedProfile } from './__testUtils__/worlds';
import { clean, optional, randomObjects } from './__testUtils__/randomWorlds';

const call = fc.record({
  from: fc.nat(4),
  to: fc.nat(4),
  protocol: fc.constantFrom(
    'TCP' as const,
    'TCP' as const,
    'TCP' as const,
    'UDP' as const,
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
});

function expectedVerdict(
  bounds: { sure: RequestSet; possible: RequestSet },
  request: Request,
): VerdictValue {
  if (bounds.sure.contains(request)) return 'allow';
  return bounds.possible.mayContain(request) ? 'conditional' : 'deny';
}

const ADDRESSES = ['10.1.2.3', '192.168.0.0/24'];

describe('evaluate and effective access', () => {
  it('agree on every call in random worlds: sure means allow, not possible means deny', () => {
    let seen = { allow: 0, deny: 0, conditional: 0 };
    fc.assert(
      fc.property(
        randomObjects,
        fc.array(call, { minLength: 1, maxLength: 6 }),
        fc.constantFrom<MeshMode | 'detect'>(
          'sidecar',
          'sidecar',
          'none',
          'detect',
          'ambient',
        ),
        fc.constantFrom<string[]>([], ['10.0.0.0/16'], ['10.0.0.0/8']),
        (world, calls, mesh, podCidrs) => {
          const profile = statedProfile({
            mesh: {
              rootNamespace: 'istio-system',
              trustDomain: 'td',
              trustDomainAliases: ['old'],
              pathNormalization: 'BASE',
              ambientDryRun: false,
              autoAllowWaypoint: false,
              layeredWaypointPolicies: false,
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
            const asked: Call = clean({
              ...each,
              from,
              to,
              http:
                each.protocol === 'TCP' && each.http
                  ? clean(each.http)
                  : undefined,
            }) as Call;
            const verdict = evaluate(compiled, asked);
            const [source_, target] = [
              compiled.resolve(from),
              compiled.resolve(to),
            ];
            if (!source_ || !target) throw new Error('unreachable');
            const bounds = compiled.pairBounds(
              source_,
              target,
              asked.tls ? { tls: asked.tls } : {},
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
      { numRuns: Number(process.env.CALLGATE_FUZZ_RUNS ?? 600) },
    );
    // The worlds must not be so strict or so open that agreeing is easy.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  });
});
