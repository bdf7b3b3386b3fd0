/** An object's spec as YAML, and the field for which it is refused; none where it is taken. */
export interface IstioObject {
  apiVersion: string;
  kind: string;
  spec: string;
  field?: string;
  /** It is Istio's webhook that refuses it, not its definition. */
  byWebhook?: true;
}

const of =
  (apiVersion: string, kind: string) =>
  (spec: string, field?: string, by?: 'webhook'): IstioObject => ({
    apiVersion,
    kind,
    spec,
    ...(field ? { field } : {}),
    ...(by ? { byWebhook: true } : {}),
  });

const rule = of('networking.istio.io/v1', 'DestinationRule');
const entry = of('networking.istio.io/v1', 'ServiceEntry');
const host = of('networking.istio.io/v1', 'WorkloadEntry');
const group = of('networking.istio.io/v1', 'WorkloadGroup');
const gateway = of('networking.istio.io/v1', 'Gateway');
const proxies = of('networking.istio.io/v1beta1', 'ProxyConfig');
const tokens = of('security.istio.io/v1', 'RequestAuthentication');
const metrics = of('telemetry.istio.io/v1', 'Telemetry');

const ports = (list: string) => `{ hosts: [a.example], ports: [${list}] }`;
const server = (rest: string) => `{ servers: [{ ${rest} }] }`;
const listener =
  'port: { number: 443, name: a, protocol: HTTPS }, hosts: ["*"]';

/** Objects that a cluster with Istio refuses, each for one reason. */
export const REFUSED: readonly IstioObject[] = [
  rule('{ trafficPolicy: { tls: { mode: DISABLE } } }', 'spec.host'),
  rule('{ host: 5 }', 'spec.host'),
  rule('{ host: "" }', 'spec.host', 'webhook'),
  rule(
    '{ host: orders, trafficPolicy: { tls: { mode: NONE } } }',
    'spec.trafficPolicy.tls.mode',
  ),
  rule(
    '{ host: orders, trafficPolicy: { tls: { mode: disable } } }',
    'spec.trafficPolicy.tls.mode',
  ),
  rule('{ host: orders, trafficPolicy: [] }', 'spec.trafficPolicy'),
  rule('{ host: orders, trafficPolicy: {} }', 'spec.trafficPolicy', 'webhook'),
  rule(
    '{ host: orders, trafficPolicy: { tls: { mode: MUTUAL } } }',
    'spec.trafficPolicy.tls.mode',
    'webhook',
  ),
  rule(
    '{ host: orders, trafficPolicy: { portLevelSettings: [{ port: { number: "80" }, tls: { mode: SIMPLE } }] } }',
    'spec.trafficPolicy.portLevelSettings[0].port.number',
  ),
  rule(
    '{ host: orders, trafficPolicy: { portLevelSettings: [{ tls: { mode: SIMPLE } }] } }',
    'spec.trafficPolicy.portLevelSettings[0].port',
    'webhook',
  ),
  rule(
    '{ host: orders, subsets: [{ labels: { a: b } }] }',
    'spec.subsets[0].name',
  ),
  rule('{ host: orders, exportTo: "*" }', 'spec.exportTo'),
  rule(
    '{ host: orders, workloadSelector: { matchLabels: { app: "a*" } } }',
    'spec.workloadSelector.matchLabels.app',
  ),
  entry('{ hosts: [] }', 'spec.hosts'),
  entry('{ location: MESH_INTERNAL }', 'spec.hosts'),
  entry('{ hosts: ["*"] }', 'spec.hosts[0]'),
  entry('{ hosts: [null] }', 'spec.hosts[0]'),
  entry(ports('{ number: 99999, name: a }'), 'spec.ports[0].number'),
  entry(ports('{ number: "80", name: a }'), 'spec.ports[0].number'),
  entry(ports('{ number: 80 }'), 'spec.ports[0].name'),
  entry(
    ports('{ number: 80, name: a, targetPort: 0 }'),
    'spec.ports[0].targetPort',
  ),
  entry(
    ports('{ number: 80, name: a }, { number: 80, name: b }'),
    'spec.ports',
  ),
  entry('{ hosts: [a.example], location: MESH }', 'spec.location'),
  entry('{ hosts: [a.example], resolution: STATICS }', 'spec.resolution'),
  entry(
    '{ hosts: [a.example], endpoints: [{ address: 192.0.2.1 }] }',
    'spec.endpoints',
  ),
  entry(
    '{ hosts: [a.example], resolution: STATIC, endpoints: [{ labels: { a: b } }] }',
    'spec.endpoints[0].address',
  ),
  entry(
    '{ hosts: [a.example], resolution: STATIC, endpoints: [{ address: 192.0.2.1 }], workloadSelector: { labels: { a: b } } }',
    'spec.workloadSelector',
  ),
  entry(
    '{ hosts: [a.example], resolution: DNS_ROUND_ROBIN, endpoints: [{ address: a.example }, { address: b.example }] }',
    'spec.endpoints',
  ),
  entry(
    '{ hosts: [a.example], resolution: DNS, addresses: [192.0.2.0/24] }',
    'spec.addresses',
  ),
  entry(
    '{ hosts: [a.example], resolution: STATIC, workloadSelector: { labels: { app: "*" } } }',
    'spec.workloadSelector.labels.app',
  ),
  host('{ labels: { app: a } }', 'spec.address'),
  host('{ address: null }', 'spec.address'),
  host('{ address: [192.0.2.1] }', 'spec.address'),
  host('{ address: "unix://a" }', 'spec.address'),
  host('{ address: "unix:///a", ports: { a: 80 } }', 'spec.ports'),
  host('{ address: 192.0.2.1, ports: { a: 0 } }', 'spec.ports.a'),
  host('{ address: 192.0.2.1, ports: { a_b: 80 } }', 'spec.ports.a_b'),
  host('{ address: 192.0.2.1, labels: { app: 1 } }', 'spec.labels.app'),
  host('{ address: 192.0.2.1, serviceAccount: true }', 'spec.serviceAccount'),
  group('{ metadata: {} }', 'spec.template'),
  group('{ template: [] }', 'spec.template'),
  group('{ template: { ports: { a: 70000 } } }', 'spec.template.ports.a'),
  group(
    '{ template: {}, metadata: { labels: { a: 1 } } }',
    'spec.metadata.labels.a',
  ),
  group('{ template: {}, probe: { httpGet: {} } }', 'spec.probe.httpGet.port'),
  gateway('{ selector: { a: b } }', 'spec.servers', 'webhook'),
  gateway('{ servers: {} }', 'spec.servers'),
  gateway(
    server('port: { number: 80, name: a, protocol: HTTP }'),
    'spec.servers[0].hosts',
  ),
  gateway(server('hosts: ["*"]'), 'spec.servers[0].port'),
  gateway(
    server('port: { number: 80, name: a }, hosts: ["*"]'),
    'spec.servers[0].port.protocol',
  ),
  gateway(
    server('port: { number: http, name: a, protocol: HTTP }, hosts: ["*"]'),
    'spec.servers[0].port.number',
  ),
  gateway(
    server('port: { number: 0, name: a, protocol: HTTP }, hosts: ["*"]'),
    'spec.servers[0].port.number',
    'webhook',
  ),
  gateway(
    server(`${listener}, tls: { mode: STRICT }`),
    'spec.servers[0].tls.mode',
  ),
  gateway(
    server(`${listener}, tls: { credentialName: a, credentialNames: [b] }`),
    'spec.servers[0].tls.credentialNames',
  ),
  gateway('{ selector: { a: 1 }, servers: [] }', 'spec.selector.a'),
  tokens(
    '{ selector: { matchLabels: { a: b } }, targetRefs: [{ kind: Service, name: a }] }',
    'spec.targetRefs',
  ),
  tokens(
    '{ selector: { matchLabels: { app: "a*" } } }',
    'spec.selector.matchLabels.app',
  ),
  tokens(
    '{ selector: { matchLabels: { "": a } } }',
    'spec.selector.matchLabels.',
  ),
  tokens('{ targetRefs: [{ kind: Service }] }', 'spec.targetRefs[0].name'),
  tokens(
    '{ targetRef: { kind: Service, name: a, namespace: b } }',
    'spec.targetRef.namespace',
  ),
  tokens('{ jwtRules: {} }', 'spec.jwtRules'),
  tokens('{ jwtRules: [{ issuer: "" }] }', 'spec.jwtRules[0].issuer'),
  tokens(
    '{ jwtRules: [{ audiences: [a] }] }',
    'spec.jwtRules[0].issuer',
    'webhook',
  ),
  tokens(
    '{ jwtRules: [{ issuer: a, jwksUri: "file:///a" }] }',
    'spec.jwtRules[0].jwksUri',
  ),
  tokens(
    '{ jwtRules: [{ issuer: a, jwksUri: "https://a.example", jwks: "{}" }] }',
    'spec.jwtRules[0].jwks',
  ),
  tokens(
    '{ jwtRules: [{ issuer: a, fromHeaders: [{ prefix: b }] }] }',
    'spec.jwtRules[0].fromHeaders[0].name',
  ),
  tokens(
    '{ jwtRules: [{ issuer: a, timeout: 5 }] }',
    'spec.jwtRules[0].timeout',
  ),
  tokens(
    '{ jwtRules: [{ issuer: a, timeout: 1us }] }',
    'spec.jwtRules[0].timeout',
  ),
  metrics(
    '{ selector: { matchLabels: { a: b } }, targetRef: { kind: Service, name: a } }',
    'spec.targetRef',
  ),
  metrics(
    '{ accessLogging: [{ match: { mode: BOTH } }] }',
    'spec.accessLogging[0].match.mode',
  ),
  metrics(
    '{ accessLogging: [{ providers: [{}] }] }',
    'spec.accessLogging[0].providers[0].name',
  ),
  metrics(
    '{ tracing: [{ randomSamplingPercentage: 101 }] }',
    'spec.tracing[0].randomSamplingPercentage',
  ),
  metrics(
    '{ metrics: [{ reportingInterval: soon }] }',
    'spec.metrics[0].reportingInterval',
  ),
  metrics(
    '{ metrics: [{ overrides: [{ match: { metric: REQUEST_COUNT, customMetric: a } }] }] }',
    'spec.metrics[0].overrides[0].match.customMetric',
  ),
  proxies('{ concurrency: -1 }', 'spec.concurrency'),
  proxies('{ concurrency: 1.5 }', 'spec.concurrency'),
  proxies(
    '{ environmentVariables: { A: true } }',
    'spec.environmentVariables.A',
  ),
  proxies(
    '{ selector: { matchLabels: { "a*": b } } }',
    'spec.selector.matchLabels.a*',
  ),
];

/** Objects that it takes, each near one that it refuses: nobody hides one behind a mistake that is none. */
export const TAKEN: readonly IstioObject[] = [
  rule('{ host: orders }'),
  rule('{ host: orders, trafficPolicy: { tls: { mode: null } } }'),
  rule(
    '{ host: orders, trafficPolicy: { tls: { mode: MUTUAL, credentialName: a } } }',
  ),
  rule(
    '{ host: "*", trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: {} }] } }',
  ),
  rule(
    '{ host: orders, subsets: [{ name: a, labels: { a: b } }], exportTo: ["."] }',
  ),
  entry(
    ports(
      '{ number: 80, name: a, protocol: anything }, { number: 81, name: b }',
    ),
  ),
  entry(
    '{ hosts: [a.example], resolution: STATIC, endpoints: [{ address: 192.0.2.1, ports: { a: 80 } }], workloadSelector: null }',
  ),
  entry('{ hosts: ["*.example"], addresses: [192.0.2.0/24], ports: [] }'),
  entry(
    '{ hosts: [a.example], resolution: DNS_ROUND_ROBIN, endpoints: [{ address: a.example }] }',
  ),
  host('{ address: "" }'),
  host('{ network: a }'),
  host('{ address: 192.0.2.1, ports: { a: null } }'),
  host('{ address: "unix:///a", labels: { a: b } }'),
  group('{ template: {} }'),
  group('{ template: { address: "" }, probe: { tcpSocket: { port: 80 } } }'),
  gateway(
    server('port: { number: 80, name: a, protocol: HTTP }, hosts: ["*"]'),
  ),
  gateway(server(`${listener}, tls: { mode: null, credentialName: a }`)),
  gateway(
    server(
      'port: { number: 0, name: a, protocol: HTTP }, hosts: [a.example], bind: "unix:///a"',
    ),
  ),
  tokens('{}'),
  tokens('{ selector: {}, jwtRules: [] }'),
  tokens(
    '{ selector: null, targetRefs: [{ kind: Service, group: "", name: a }] }',
  ),
  tokens('{ jwtRules: [{ issuer: a, jwks: "{}", timeout: .5s, odd: 1 }] }'),
  tokens('{ jwtRules: [{ jwksUri: "HTTPS://a.example" }] }'),
  tokens('{ jwtRules: [{ issuer: a, timeout: 1m0.5s }] }'),
  metrics('{}'),
  metrics(
    '{ tracing: [{ randomSamplingPercentage: 0.5 }], accessLogging: [{ providers: [{ name: a }] }] }',
  ),
  proxies(
    '{ concurrency: 0, environmentVariables: { ISTIO_META_ENABLE_HBONE: "true" } }',
  ),
  proxies('{ selector: { matchLabels: { a: "" } } }'),
];
