import { callDoor, DoorAnswer, DoorCall } from '../engines/callDoor';
import { Envoy } from '../engines/Envoy';
import { Door } from '../engines/listeners';
import { Oracle } from '../engines/Oracle';
import { EngineError } from '../engines/EngineError';
import { World, WorldCall, WorldWorkload } from '../worlds/types';

/** What the engines say about one call, layer by layer. */
export interface EngineVerdict {
  allowed: boolean;
  egress: boolean;
  ingress: boolean;
  /** Plaintext that the provider's mode refuses. */
  refusedByMode: boolean;
  /** What the provider's proxy does with what arrives; `true` where there is none. */
  proxy: boolean;
  /** Envoy's reason, with the policy that decided. */
  reason: string;
}

/** Why a world cannot be asked about: an engine takes one of its objects for wrong. */
export interface Refused {
  refused: string;
}

/** What is known of a call before Envoy is asked. */
interface Asked {
  egress: boolean;
  ingress: boolean;
  refusedByMode: boolean;
  door?: DoorCall;
}

interface Prepared {
  world: World;
  asked: Asked[];
  doors: Door[];
}

/** How many calls are under way at the same time. */
const CONNECTIONS = 16;

/** `spiffe://` and what follows, as certificates have it. */
function principalOf(
  { mesh }: World,
  { namespace, serviceAccount }: WorldWorkload,
): string {
  return `spiffe://${mesh.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/**
 * Answers for calls in worlds by the engines: SIG Network's evaluator for the
 * kernel, istiod's mode of mutual TLS, and Envoy with the filters that istiod
 * builds. A call passes where every one of them lets it (Istio, "Security":
 * the layers are independent; PeerAuthentication and auto mTLS: a caller with a
 * proxy sends mTLS unless the provider's mode is DISABLE, any other plaintext).
 */
export class EngineVerdicts {
  constructor(private readonly oracle: Oracle, private readonly envoy: Envoy) {}

  /** One entry for each world, with one verdict for each of its calls. */
  async of(
    questions: readonly { world: World; calls: readonly WorldCall[] }[],
  ): Promise<(EngineVerdict[] | Refused)[]> {
    const prepared = await Promise.all(
      questions.map(({ world, calls }) => this.#prepare(world, calls)),
    );
    const ready = prepared.filter((each): each is Prepared => 'doors' in each);
    await this.envoy.open(ready.flatMap(({ doors }) => doors));
    const groups = new Map<string, DoorCall[]>();
    const calls = ready.flatMap(({ asked }) =>
      asked.flatMap(({ door }) => (door ? [door] : [])),
    );
    for (const call of calls) {
      // TCP has one question for each connection.
      const key = call.http
        ? `${call.port} ${call.source} ${call.destinationPort}`
        : `${call.port} ${groups.size}`;
      groups.set(key, [...(groups.get(key) ?? []), call]);
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
    return prepared.map(each => {
      if ('refused' in each) return each;
      return each.asked.map(({ door, ...layers }): EngineVerdict => {
        const answer = door ? answers.get(door) : undefined;
        const proxy = answer?.allowed ?? true;
        const { egress, ingress, refusedByMode } = layers;
        return {
          ...layers,
          proxy,
          reason: answer?.reason ?? '',
          allowed: egress && ingress && !refusedByMode && proxy,
        };
      });
    });
  }

  async #prepare(
    world: World,
    calls: readonly WorldCall[],
  ): Promise<Prepared | Refused> {
    const istio = world.policies.filter(({ apiVersion }) =>
      apiVersion.startsWith('security.istio.io/'),
    );
    const ask: Oracle['ask'] = request => this.oracle.ask(request);
    const kernel = await ask({
      kind: 'networkPolicies',
      namespaces: world.namespaces,
      pods: world.workloads.map(({ namespace, name, labels, ip, ports }) => ({
        namespace,
        name,
        labels,
        ip,
        ports: ports.map(port => ({
          name: port.name,
          port: port.number,
          protocol: 'TCP',
        })),
      })),
      networkPolicies: world.policies.filter(
        ({ kind }) => kind === 'NetworkPolicy',
      ),
      calls: calls.map(({ from, to, port, protocol }) => ({
        from: typeof from === 'string' ? from : world.workloads[from].ip,
        to: world.workloads[to].ip,
        port,
        protocol,
      })),
    });
    if (kernel.error !== undefined) return { refused: kernel.error };
    const proxies = await Promise.all(
      world.workloads.map(async ({ mesh, namespace, labels, ports }) => {
        if (mesh !== 'sidecar') return undefined;
        const about = {
          mesh: world.mesh,
          objects: istio,
          workload: { namespace, labels },
        };
        const [authorization, modes] = await Promise.all([
          ask({ kind: 'authorization', ...about }),
          ask({
            kind: 'mtls',
            ...about,
            ports: ports.map(port => port.number),
          }),
        ]);
        return { authorization, modes };
      }),
    );
    const wrong = proxies.find(
      each => each?.authorization.error ?? each?.modes.error,
    );
    if (wrong)
      return { refused: wrong.authorization.error ?? wrong.modes.error ?? '' };

    const doors = new Map<string, Door>();
    const doorOf = (key: string, make: () => Omit<Door, 'port'>): Door => {
      const known = doors.get(key) ?? { ...make(), port: this.envoy.port() };
      doors.set(key, known);
      return known;
    };
    const asked = calls.map((call, index): Asked => {
      const [egress, ingress] = kernel.verdicts?.[index] ?? [false, false];
      const provider = world.workloads[call.to];
      const proxy = proxies[call.to];
      // The proxy takes TCP only: other protocols go past it (Istio, "Traffic capture").
      if (!proxy || call.protocol !== 'TCP')
        return { egress, ingress, refusedByMode: false };
      const at = provider.ports.findIndex(({ number }) => number === call.port);
      const mode = proxy.modes.modes?.[at];
      if (mode === undefined)
        throw new EngineError('oracle', `has no mode for port ${call.port}`);
      const caller =
        typeof call.from === 'number' ? world.workloads[call.from] : undefined;
      const isMutual = caller?.mesh === 'sidecar' && mode !== 'DISABLE';
      if (!isMutual && mode === 'STRICT')
        return { egress, ingress, refusedByMode: true };
      const principal =
        isMutual && caller ? principalOf(world, caller) : undefined;
      const { pathNormalization } = world.mesh;
      const door = call.http
        ? doorOf(`${call.to} http`, () => ({
            kind: 'http',
            filters: proxy.authorization.http ?? [],
            pathNormalization,
          }))
        : doorOf(`${call.to} tcp ${principal}`, () => ({
            kind: 'tcp',
            filters: proxy.authorization.tcp ?? [],
            pathNormalization,
            ...(principal !== undefined && { principal }),
          }));
      return {
        egress,
        ingress,
        refusedByMode: false,
        door: {
          port: door.port,
          source: caller?.ip ?? String(call.from),
          destinationPort: call.port,
          ...(call.http && {
            http: {
              ...call.http,
              ...(principal !== undefined && { principal }),
            },
          }),
        },
      };
    });
    return { world, asked, doors: [...doors.values()] };
  }
}
