import { callDoor, DoorAnswer, DoorCall } from '../engines/callDoor';
import { EngineError } from '../engines/EngineError';
import { Envoy } from '../engines/Envoy';
import { Door } from '../engines/listeners';
import { Oracle, OracleAnswer } from '../engines/Oracle';
import { Certificates } from './Certificates';
import { podLabels } from '../worlds/podLabels';
import { Manifest, World, WorldCall } from '../worlds/types';
import { waypointManifest } from '../worlds/waypointManifest';
import { waypointOf } from '../worlds/waypointOf';
import { Proxies } from './Proxies';
import { routeOf, Stretch } from './route';

/** What the engines say about one call. */
export interface EngineVerdict {
  allowed: boolean;
  /** Network policies let every stretch pass. */
  kernel: boolean;
  /** Proxies let every stretch pass. */
  mesh: boolean;
  /** Envoy's reasons, with the policy that decided. */
  reasons: readonly string[];
}

/** Why a world cannot be asked about: an engine takes one of its objects for wrong. */
export interface Refused {
  refused: string;
}

/** What is known of a call before Envoy is asked. */
interface Asked {
  kernel: boolean;
  mesh: boolean;
  doors: DoorCall[];
}

interface Prepared {
  asked: Asked[];
  doors: Door[];
}

/** How many connections are under way at the same time. */
const CONNECTIONS = 16;

/** An object of the world was refused: no answer about any of its calls. */
class RefusedError extends Error {}

/** Calls every door, many at the same time. */
async function callAll(
  calls: readonly DoorCall[],
): Promise<Map<DoorCall, DoorAnswer>> {
  const groups = new Map<string, DoorCall[]>();
  for (const call of calls) {
    // TCP has one question for each connection, and a connection one certificate.
    const key = call.http
      ? `${call.port} ${call.source} ${call.destinationPort} ${call.tls?.own.key}`
      : `tcp ${groups.size}`;
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  const answers = new Map<DoorCall, DoorAnswer>();
  const left = [...groups.values()];
  const worker = async () => {
    for (let group = left.pop(); group; group = left.pop()) {
      const found = await callDoor(group);
      group.forEach((call, index) => answers.set(call, found[index]));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return answers;
}

/**
 * Answers for calls in worlds by the engines: SIG Network's evaluator for the
 * kernel, istiod's mode of mutual TLS, Envoy with the filters that istiod
 * builds, and for ztunnel what istiod tells it. A call passes where every one of
 * them lets every stretch pass (Istio, "Security": the layers are independent;
 * PeerAuthentication and auto mTLS: a caller with a sidecar sends mTLS unless
 * the provider's mode is DISABLE, any other plaintext).
 */
export class EngineVerdicts {
  readonly #certificates: Certificates;

  constructor(private readonly oracle: Oracle, private readonly envoy: Envoy) {
    this.#certificates = new Certificates(oracle);
  }

  /** One entry for each world, with one verdict for each of its calls. */
  async of(
    questions: readonly {
      world: World;
      calls: readonly WorldCall[];
      byCertificate?: boolean;
    }[],
  ): Promise<(EngineVerdict[] | Refused)[]> {
    const prepared = await Promise.all(
      questions.map(({ world, calls, byCertificate }) =>
        this.#prepare(world, calls, byCertificate).catch((error): Refused => {
          if (error instanceof RefusedError) return { refused: error.message };
          throw error;
        }),
      ),
    );
    const ready = prepared.filter((each): each is Prepared => 'doors' in each);
    await this.envoy.open(ready.flatMap(({ doors }) => doors));
    const answers = await callAll(
      ready.flatMap(({ asked }) => asked.flatMap(({ doors }) => doors)),
    );
    return prepared.map(each => {
      if ('refused' in each) return each;
      return each.asked.map(({ kernel, mesh, doors }): EngineVerdict => {
        const at = doors.map(door => answers.get(door));
        const passes = mesh && at.every(answer => answer?.allowed);
        return {
          allowed: kernel && passes,
          kernel,
          mesh: passes,
          reasons: at.map(answer => answer?.reason ?? ''),
        };
      });
    });
  }

  /** What istiod's validation and the API server's, by schema and rules, refuse of Istio's objects. */
  async problemsOf(objects: readonly Manifest[]): Promise<string[]> {
    const istio = objects.filter(({ apiVersion }) =>
      apiVersion.startsWith('security.istio.io/'),
    );
    const { problems = [] } = await this.#ask({
      kind: 'validate',
      objects: istio,
    });
    return problems.filter(problem => problem !== '');
  }

  async #ask(
    request: { kind: string } & Record<string, unknown>,
  ): Promise<OracleAnswer> {
    const answer = await this.oracle.ask(request);
    if (answer.error?.startsWith('panic:'))
      throw new EngineError('oracle', answer.error);
    if (answer.error !== undefined) throw new RefusedError(answer.error);
    return answer;
  }

  async #prepare(
    world: World,
    calls: readonly WorldCall[],
    byCertificate = false,
  ): Promise<Prepared> {
    await this.#compareWaypoints(world);
    const routes = calls.map(call => routeOf(world, call));
    const kernel = await this.#kernel(world, routes.flat());
    const proxies = new Proxies(
      world,
      request => this.#ask(request),
      () => this.envoy.port(),
      byCertificate ? this.#certificates : undefined,
    );
    const asked: Asked[] = [];
    let at = 0;
    for (const [index, route] of routes.entries()) {
      const each: Asked = { kernel: true, mesh: true, doors: [] };
      for (const stretch of route) {
        each.kernel &&= kernel[at];
        at += 1;
        const answer = await proxies.at(stretch, calls[index]);
        if (typeof answer === 'boolean') each.mesh &&= answer;
        else each.doors.push(answer);
      }
      asked.push(each);
    }
    return { asked, doors: proxies.doors() };
  }

  /** The route rests on which waypoint a Service has: istiod has to say the same. */
  async #compareWaypoints(world: World): Promise<void> {
    if (world.waypoints.length === 0) return;
    const asked = world.workloads.filter(
      ({ isHost, ports }) => !isHost && ports.length > 0,
    );
    const { waypoints = [] } = await this.#ask({
      kind: 'waypoints',
      namespaces: world.namespaces,
      objects: world.waypoints.map(waypointManifest),
      services: asked.map(({ namespace, name, serviceLabels: labels }) => ({
        namespace,
        name,
        labels,
      })),
    });
    asked.forEach((workload, index) => {
      const { namespace, name } = waypointOf(world, workload) ?? {};
      const ours = name === undefined ? '' : `${namespace}/${name}`;
      if (waypoints[index] !== ours)
        throw new EngineError(
          'oracle',
          `gives ${workload.namespace}/${workload.name} the waypoint "${waypoints[index]}" where we take "${ours}" (seed ${world.seed})`,
        );
    });
  }

  /** Whether network policies let each stretch pass. */
  async #kernel(
    world: World,
    stretches: readonly Stretch[],
  ): Promise<boolean[]> {
    const { verdicts = [] } = await this.#ask({
      kind: 'networkPolicies',
      namespaces: world.namespaces,
      pods: world.workloads
        .filter(({ isHost }) => !isHost)
        .map(workload => ({
          namespace: workload.namespace,
          name: workload.name,
          labels: podLabels(workload),
          ip: workload.ip,
          ports: workload.ports.map(port => ({
            name: port.name,
            port: port.number,
            protocol: port.protocol ?? 'TCP',
          })),
        })),
      networkPolicies: world.policies.filter(
        ({ kind }) => kind === 'NetworkPolicy',
      ),
      calls: stretches.map(({ from, to, kernelPort, protocol }) => ({
        from: typeof from === 'string' ? from : from.ip,
        to: to.ip,
        port: kernelPort,
        protocol,
      })),
    });
    return verdicts.map(([egress, ingress]) => egress && ingress);
  }
}
