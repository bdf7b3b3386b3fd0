import { podLabels } from '../worlds/podLabels';
import { DoorCall } from '../engines/callDoor';
import { EngineError } from '../engines/EngineError';
import { Door } from '../engines/listeners';
import { OracleAnswer } from '../engines/Oracle';
import { World, WorldCall, WorldWorkload } from '../worlds/types';
import { Certificates } from './Certificates';
import { guardOf, Stretch } from './route';
import { ztunnelLets } from './ztunnel';

/** The proxies of one world: what they have is asked for once. */
export class Proxies {
  readonly #known = new Map<string, Promise<OracleAnswer>>();
  readonly #doors = new Map<string, Door>();
  readonly #istio: readonly unknown[];

  constructor(
    private readonly world: World,
    private readonly ask: (
      request: { kind: string } & Record<string, unknown>,
    ) => Promise<OracleAnswer>,
    private readonly nextPort: () => number,
    /** Set where callers of sidecars show certificates. */
    private readonly certificates?: Certificates,
  ) {
    this.#istio = world.policies.filter(({ apiVersion }) =>
      apiVersion.startsWith('security.istio.io/'),
    );
  }

  doors(): Door[] {
    return [...this.#doors.values()];
  }

  /** Whether the proxy where a stretch arrives lets it pass, or which door to ask at. */
  async at(stretch: Stretch, call: WorldCall): Promise<boolean | DoorCall> {
    switch (guardOf(stretch)) {
      case 'nobody':
        return true;
      case 'ztunnel':
        return this.#ztunnel(stretch);
      case 'waypoint':
        return this.#door(stretch, call, callerOf(stretch));
      default:
        return this.#sidecar(stretch, call);
    }
  }

  #once(key: string, request: { kind: string } & Record<string, unknown>) {
    const known = this.#known.get(key) ?? this.ask(request);
    this.#known.set(key, known);
    return known;
  }

  #about(kind: string, stretch: Stretch): Promise<OracleAnswer> {
    const { to, service } = stretch;
    const waypoint =
      service &&
      this.world.waypoints.find(
        ({ workload }) => this.world.workloads[workload] === to,
      );
    return this.#once(JSON.stringify([kind, to.namespace, to.name, service]), {
      kind,
      mesh: this.world.mesh,
      objects: this.#istio,
      workload: {
        namespace: to.namespace,
        labels: podLabels(to),
        ...(waypoint && { waypoint: waypoint.name }),
      },
      ...(service && { service }),
      ...(kind === 'mtls' && { ports: portsOf(to) }),
      ...(kind === 'authorization' && {
        byCertificate: this.certificates !== undefined,
      }),
    });
  }

  async #ztunnel(stretch: Stretch): Promise<boolean> {
    const { policies = [] } = await this.#about('ambient', stretch);
    const { from, isTunnel, port } = stretch;
    const { trustDomain } = this.world.mesh;
    return ztunnelLets(policies, {
      source: typeof from === 'string' ? from : from.ip,
      destinationPort: port,
      ...(isTunnel &&
        typeof from !== 'string' && {
          identity: {
            trustDomain,
            namespace: from.namespace,
            serviceAccount: from.serviceAccount,
          },
        }),
    });
  }

  async #sidecar(stretch: Stretch, call: WorldCall) {
    const { to, port, isTunnel } = stretch;
    // HBONE is mutual TLS: what arrives by it has its identity, whatever the mode (`buildInboundHBONEListeners`).
    if (isTunnel) return this.#door(stretch, call, callerOf(stretch));
    const { modes = [] } = await this.#about('mtls', stretch);
    const mode = modes[portsOf(to).indexOf(port)];
    if (mode === undefined)
      throw new EngineError('oracle', `has no mode for port ${port}`);
    const caller = callerOf(stretch);
    const isMutual = caller?.mesh === 'sidecar' && mode !== 'DISABLE';
    if (!isMutual && mode === 'STRICT') return false;
    return this.#door(stretch, call, isMutual ? caller : undefined);
  }

  async #door(
    stretch: Stretch,
    { http }: WorldCall,
    identity: WorldWorkload | undefined,
  ): Promise<DoorCall> {
    const { to, from, port, service } = stretch;
    const { trustDomain, pathNormalization } = this.world.mesh;
    const principal = identity
      ? `spiffe://${trustDomain}/ns/${identity.namespace}/sa/${identity.serviceAccount}`
      : undefined;
    const answer = await this.#about('authorization', stretch);
    const tls =
      principal !== undefined && (await this.certificates?.of(principal));
    const own =
      tls &&
      (await this.certificates?.of(
        `spiffe://${trustDomain}/ns/${to.namespace}/sa/${to.serviceAccount}`,
      ));
    // For HTTP a header says who calls; a connection of TCP has none.
    const key = JSON.stringify([
      to.namespace,
      to.name,
      service,
      http ? 'http' : ['tcp', principal],
      // Whoever sends plaintext comes by another filter chain.
      tls ? 'tls' : 'plain',
    ]);
    const door: Door = this.#doors.get(key) ?? {
      port: this.nextPort(),
      kind: http ? 'http' : 'tcp',
      filters: (http ? answer.http : answer.tcp) ?? [],
      pathNormalization,
      ...(!http && principal !== undefined && !own && { principal }),
      ...(own && { tls: own }),
    };
    this.#doors.set(key, door);
    return {
      port: door.port,
      source: typeof from === 'string' ? from : from.ip,
      destinationPort: port,
      ...(tls && { tls }),
      ...(http && {
        http: {
          ...http,
          ...(principal !== undefined && !tls && { principal }),
        },
      }),
    };
  }
}

/** The ports of which proxies know. */
function portsOf({ ports }: WorldWorkload): number[] {
  return ports.filter(each => !each.protocol).map(({ number }) => number);
}

function callerOf({ from }: Stretch): WorldWorkload | undefined {
  return typeof from === 'string' ? undefined : from;
}
