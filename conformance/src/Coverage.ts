import { askedOf, CLAIMED } from './coverageClaims';
import { routeOf } from './verdict/route';
import { PROBE } from './worlds/platform';
import { Manifest, World, WorldCall, WorldWorkload } from './worlds/types';
import { askedWaypoint, waypointOf } from './worlds/waypointOf';

interface Counts {
  allowed: number;
  denied: number;
  conditional: number;
}

/** Fields of texts that may be patterns. */
const PATTERNS = /(rincipals|amespaces|aths|osts|ethods)$/;

/** What kind of pattern a text is (Istio, "Authorization Policy"). */
function patternOf(text: string): string {
  if (text === '*') return '* (present)';
  if (text.includes('{**}')) return '{**} (segments)';
  if (text.includes('{*}')) return '{*} (one segment)';
  if (text.endsWith('*')) return 'prefix*';
  return text.startsWith('*') ? '*suffix' : 'exact';
}

/** An end of a call: what runs there, and beside it. */
function endsOf(end: WorldWorkload): string[] {
  const { mesh, isHost, moreIps, gateway, isPlatform, name } = end;
  // A scraper has an own row, beside what its proxy is.
  if (isPlatform) return [mesh, `platform's ${name}`];
  if (gateway) return [mesh, 'Gateway'];
  if (!isHost) return [mesh];
  return [
    mesh,
    moreIps
      ? 'WorkloadGroup of several hosts'
      : `WorkloadEntry with${mesh === 'none' ? 'out' : ''} a proxy`,
  ];
}

/** The fields of a policy that are set, as paths without indices. */
function fieldsOf(value: unknown, path: string, found: Set<string>): void {
  if (Array.isArray(value)) {
    if (value.length === 0) found.add(`${path}: []`);
    for (const item of value) fieldsOf(item, path, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      const next = name.match(/^[0-9]+$/)
        ? `${path}.<port>`
        : `${path}.${name}`;
      // Labels are values, no fields.
      if (name === 'matchLabels') found.add(next);
      else fieldsOf(each, next, found);
    }
  } else {
    const isWord = /mode|action|operator|key$|protocol|policyTypes/.test(path);
    found.add(isWord ? `${path}: ${String(value)}` : path);
    if (typeof value === 'string' && PATTERNS.test(path))
      found.add(`${path}: ${patternOf(value)}`);
  }
}

/** How the listener of a waypoint in another namespace says whom it admits, where the Service that is called asks for it. */
function lendingOf(world: World, { to, via }: WorldCall): string[] {
  const provider = world.workloads[to];
  const asked = askedWaypoint(world, provider);
  if (via === 'pod' || !asked || asked.namespace === provider.namespace)
    return [];
  const { lentTo = 'not stated' } = asked;
  const how = typeof lentTo === 'string' ? lentTo : 'Selector';
  return [`${how}, ${waypointOf(world, provider) ? '' : 'not '}lent`];
}

/** What the call goes through on its way. */
function waysOf(world: World, call: WorldCall): string[] {
  const route = routeOf(world, call);
  const behind = route.find(({ service }) => service);
  if (behind)
    return behind.to.namespace === world.workloads[call.to].namespace
      ? ['HBONE', 'waypoint']
      : ['HBONE', 'waypoint', 'waypoint of another namespace'];
  return [route.some(({ isTunnel }) => isTunnel) ? 'HBONE' : 'as it is'];
}

/** How often each field of policies was in force where a call was decided, and how. */
export class Coverage {
  readonly #counts = new Map<string, Counts>();
  readonly #fields = new WeakMap<Manifest, string[]>();
  readonly #refused = new Map<string, number>();

  add(world: World, call: WorldCall, isAllowed: boolean, ours: string): void {
    const features = new Set(
      world.policies.flatMap(policy => this.#of(policy)),
    );
    for (const end of endsOf(world.workloads[call.to]))
      features.add(`provider: ${end}`);
    const callers =
      typeof call.from === 'number'
        ? endsOf(world.workloads[call.from])
        : ['outside'];
    for (const end of callers) features.add(`caller: ${end}`);
    if (call.from === PROBE) features.add('caller: probe of the kubelet');
    for (const way of waysOf(world, call)) features.add(`way: ${way}`);
    for (const lending of lendingOf(world, call))
      features.add(`allowedRoutes: ${lending}`);
    for (const { manifest } of world.foreign ?? [])
      features.add(`beside: ${manifest.kind}`);
    features.add(`call: ${call.http ? 'HTTP' : call.protocol}`);
    if (call.http?.method === 'POST' && /^\/[a-z]+\.[A-Z]/.test(call.http.path))
      features.add('call: gRPC');
    features.add(`paths: ${world.mesh.pathNormalization}`);
    if (world.mesh.aliases.length > 0) features.add('trust domain aliases');
    for (const feature of features) {
      const counts = this.#counts.get(feature) ?? {
        allowed: 0,
        denied: 0,
        conditional: 0,
      };
      counts[isAllowed ? 'allowed' : 'denied'] += 1;
      if (ours === 'conditional') counts.conditional += 1;
      this.#counts.set(feature, counts);
    }
  }

  /** Counts a world with an object that an engine refuses, by its reason. */
  addRefused(reason: string): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
  }

  /** What was refused, and how often. */
  refused(): [reason: string, times: number][] {
    return [...this.#refused].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** As a table, sorted by field. */
  rows(): [
    feature: string,
    askedOf: string,
    allowed: number,
    denied: number,
    conditional: number,
  ][] {
    return [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([feature, { allowed, denied, conditional }]) => [
        feature,
        askedOf(feature),
        allowed,
        denied,
        conditional,
      ]);
  }

  /** What we claim and have not seen both allowed and denied. */
  missing(): string[] {
    return CLAIMED.filter(feature => {
      const counts = this.#counts.get(feature);
      return !counts || counts.allowed === 0 || counts.denied === 0;
    });
  }

  #of(policy: Manifest): string[] {
    const known = this.#fields.get(policy);
    if (known) return known;
    const found = new Set<string>();
    fieldsOf(policy.spec, policy.kind, found);
    if (policy.metadata.annotations) found.add(`${policy.kind}: dry-run`);
    if (policy.metadata.namespace === 'istio-system')
      found.add(`${policy.kind}: root namespace`);
    const fields = [...found];
    this.#fields.set(policy, fields);
    return fields;
  }
}
