import { SourcePosition } from './source';
import { hasNames, idText, type Namer, sayWords, type Words } from './words';

/** @public */
export type FindingSeverity = 'error' | 'warning' | 'info';

/**
 * What a code means wherever it is raised.
 *
 * @public
 */
export interface FindingDefinition {
  severity: FindingSeverity;
  /** a sentence for headings, without the objects concerned */
  title: string;
  /** what to do about it, where the finding itself says nothing more precise */
  fix: string;
  /** the same for whoever asks or decides in a portal, where that is done otherwise than in a file */
  advice?: string;
}

const error = (title: string, fix: string, advice?: string) =>
  ({ severity: 'error', title, fix, ...(advice && { advice }) } as const);
const warning = (title: string, fix: string, advice?: string) =>
  ({ severity: 'warning', title, fix, ...(advice && { advice }) } as const);
const info = (title: string, fix: string) =>
  ({ severity: 'info', title, fix } as const);

/**
 * Every finding that the core can raise: one closed list, so that people, documentation and code mean the same by a code.
 *
 * @public
 */
export const FINDINGS = {
  // Declarations
  'policy-syntax': error(
    'The AccessPolicy is not valid YAML',
    'Correct the YAML at the place named; nothing of this file is used until it parses.',
  ),
  'policy-invalid': error(
    'A field of the AccessPolicy has a wrong or missing value',
    'Correct the field at the place named.',
  ),
  'unknown-field': error(
    'The AccessPolicy has a field that does not exist',
    'Remove the field or correct its spelling: unknown fields are never ignored.',
  ),
  'field-not-supported-yet': error(
    'The AccessPolicy uses a field that this version cannot enforce',
    'Remove the field; a grant is never applied with a part of it left out.',
  ),
  'duplicate-grant': error(
    'Two grants of one AccessPolicy have the same id',
    'Give each grant its own id.',
  ),
  'duplicate-policy': error(
    'Two AccessPolicies declare the access of one API',
    'Move all grants of the API into one AccessPolicy and delete the other.',
  ),
  'path-not-expressible': error(
    'A path cannot be expressed at any layer',
    'Write whole segments, {name} for one segment, or a last {name+} for one or more; grant another operation otherwise.',
  ),
  'text-too-long': error('A text is too long', 'Shorten the text.'),
  'text-not-printable': error(
    'A text contains characters that cannot be shown',
    'Remove control characters and characters that change the direction of the text.',
  ),

  // Catalog
  'api-not-found': error(
    'The API of an AccessPolicy is not in the catalog',
    'Register the API, correct spec.api, or delete the AccessPolicy.',
  ),
  'owner-mismatch': error(
    'The owner that an AccessPolicy names does not own the API',
    'Set spec.owner to an owner of the API.',
  ),
  'provider-missing': error(
    'No component provides the API',
    'Add the API to providesApis of the component that serves it.',
  ),
  'caller-not-found': error(
    'The caller of a grant is not in the catalog',
    'Correct the reference, register the entity, or withdraw the grant.',
  ),
  'caller-set-empty': error(
    'A grant names a set without a single component that runs',
    'Name a system, domain or group that has components with workloads, or withdraw the grant.',
  ),
  'end-not-approved': warning(
    'A grant stands for a workload that it was not approved for',
    'Confirm it, if the grant is meant to hold for this workload as well; until then nothing is opened for it. Otherwise correct what binds the entity to it.',
  ),
  'set-member-unbound': warning(
    'A member of the set that a grant names has no workload: it gets no access',
    'Bind the component to its workload, or ignore this if it does not run anywhere.',
  ),

  // Whatever teams write
  'input-unreadable': error(
    'Something that a team wrote cannot be read',
    'Correct what is named. Until then it gives no access, and everything that does not rest on it goes on.',
  ),

  // Definitions
  'contract-unreadable': error(
    "The API's definition cannot be read",
    'Correct the definition in the catalog; grants of named operations need it.',
  ),
  'contract-part-unreadable': error(
    "A part of the API's definition cannot be read",
    'Correct the part in the definition; grants of other operations do not need it.',
  ),
  'contract-ref-not-followed': error(
    "The API's definition refers to another document",
    'Bundle the definition into one document: only references inside the document are followed.',
  ),
  'contract-duplicate-operation': error(
    "Two operations of the API's definition have the same operationId",
    'Give each operation its own operationId.',
  ),
  'contract-empty': warning(
    "The API's definition has no operation",
    'Write the operations into the definition, as paths that begin with a slash and methods in lower case.',
  ),
  'base-path-ambiguous': error(
    'The base path of the API is not clear',
    'Set the annotation callgate.dev/base-path on the API to the path that the provider itself sees, or to / for none.',
  ),
  'rewrite-in-front': error(
    'A route in front of the provider rewrites paths',
    'Set the annotation callgate.dev/base-path on the API to the base path that the provider sees after the rewrite.',
  ),
  'unknown-operation': error(
    'A grant names an operation that the API does not offer',
    "Choose an operation from the API's definition.",
  ),

  // Binding
  'binding-missing': error(
    'An entity is not bound to any workload',
    'Set backstage.io/kubernetes-id or backstage.io/kubernetes-label-selector on the entity.',
  ),
  'binding-invalid': error(
    'An annotation that binds an entity to workloads cannot be read',
    'Correct the annotation.',
  ),
  'binding-no-workload': error(
    'No workload fits the binding of an entity',
    'Correct the annotations of the entity or the labels of the workload, or add the manifests of the workload to the estate.',
  ),
  'binding-ambiguous': error(
    'An entity is bound to workloads that do not all serve the API',
    'Narrow backstage.io/kubernetes-label-selector to the workloads that serve the API.',
  ),
  'binding-not-owned': error(
    "An entity is bound to somebody else's workload, addresses or name",
    'Bind the entity to what its owners own, or have the platform team state in the platform profile whose it is.',
  ),
  'binding-contested': error(
    'Several owners claim one workload, block of addresses, identity or name',
    'The platform team settles it with one line of owners or addresses in the platform profile.',
  ),
  'binding-left-out': warning(
    'A part of what an entity is bound to is left out: it is not its own',
    'Narrow the binding of the entity to what its owners own, or have the platform team state in the platform profile whose it is.',
  ),
  'binding-claimed-by-others': warning(
    'Somebody else claims a workload of the API',
    'Nothing has to be done: the claim is refused. Where it is meant, have the platform team state the owner in the platform profile.',
  ),
  'owner-invalid': warning(
    'The stated owner of a workload is no group or user: nobody may bind it',
    'Correct the label, annotation or platform profile: group:default/orders-team, or the name of a group alone.',
  ),
  'provider-not-confirmed': warning(
    'A component says that it provides the API, and its owner does not own it',
    "Nothing has to be done: it does not count. Where it is meant, an owner of the API adds it to spec.providers of the API's AccessPolicy.",
  ),
  'several-workloads': info(
    'An entity stands for several workloads: all of them get the access',
    'Narrow backstage.io/kubernetes-label-selector if not all of them should.',
  ),
  'port-ambiguous': error(
    'The provider has several ports and none is chosen',
    'Set the annotation callgate.dev/port on the API to the name or number of the Service port.',
  ),
  'port-not-found': error(
    'The provider does not have the port',
    'Name a port of its Service, by number or name.',
  ),
  'scope-required': error(
    'Caller and provider run in several clusters and the grant does not say in which it holds',
    'List the clusters or environments under in.',
  ),
  'scope-unknown': error(
    'A grant names a cluster or environment in which caller and provider do not both run',
    'Name a cluster or environment in which both run.',
  ),
  'mode-conflict': error(
    'APIs of one workload are in different modes',
    'Give all AccessPolicies of APIs on one workload the same mode: isolation works per workload.',
  ),

  // Enforcement
  'method-not-enforceable': error(
    'Methods are granted where no layer can enforce them',
    'Grant the port instead of methods, bring the provider into the mesh, or acknowledge method-not-enforced.',
    'Ask for the whole port instead, bring the provider into the mesh, or accept the gap that methods are not enforced.',
  ),
  'identity-not-enforceable': error(
    'A caller outside the mesh calls a provider in the mesh: nothing but the kernel layer tells it apart',
    'Bring the caller into the mesh, or acknowledge identity-not-enforced.',
    'Bring the caller into the mesh, or accept the gap that identities are not enforced.',
  ),
  'not-http-port': error(
    'Methods are granted on a port that does not carry readable HTTP',
    'Grant the port, or name the protocol of the Service port (appProtocol http, http2 or grpc) if it is wrong.',
  ),
  'protocol-not-declared': warning(
    'The protocol of a port with granted or required methods is guessed by the mesh',
    'Set appProtocol (or a name that begins with http or grpc) on the Service port.',
  ),
  'port-outside-mesh': error(
    'A port is excluded from the mesh: it has neither identity nor method layer',
    'Remove the port from the exclusion annotations of the pod template, or grant access that the kernel layer alone can hold.',
  ),
  'host-address-unknown': error(
    'Network policies know a host outside the cluster by its addresses, and its entry has none',
    'Give the WorkloadEntry an IP address, or register the entries of its WorkloadGroup in the estate.',
  ),
  'end-not-read': error(
    'Not everything that concerns a caller or provider could be read in its cluster',
    'Whoever owns the namespace named makes its objects smaller, flatter or fewer, so that they can be read; other namespaces do not wait for it.',
  ),
  'host-network-caller': error(
    'A caller runs on the host network: no policy can select it',
    'Move the workload off the host network.',
  ),
  'host-network-provider': error(
    'A provider runs on the host network: no policy is enforced for it',
    'Move the workload off the host network.',
  ),
  'egress-open': error(
    'A caller of a host outside the cluster may call everything',
    'Set callgate.dev/egress: enforce on the caller or its namespace: a call that leaves the cluster can only be stopped at its caller.',
    'Ask for the calls of the caller to the outside to be closed: only there can such a call be stopped.',
  ),
  'gateway-caller': info(
    'A grant admits everyone behind a gateway',
    'If everyone behind the gateway is meant, nothing has to be done.',
  ),
  'cidr-covers-pods': error(
    'A grant to addresses covers addresses of pods',
    'Grant the component that runs in these pods instead of its addresses.',
  ),
  'node-address-caller': error(
    'A grant to addresses covers nodes: everybody whose calls come through one is admitted',
    'Set externalTrafficPolicy: Local and grant the addresses of clients, or acknowledge identity-not-enforced.',
    'Keep the addresses of clients and ask for those, or accept the gap that identities are not enforced.',
  ),
  'source-address-hidden': warning(
    'A Service replaces the address of the caller by that of a node',
    'Set externalTrafficPolicy: Local on the Service, or grant the addresses of nodes and acknowledge identity-not-enforced.',
    'Keep the addresses of clients at the Service, or ask for the addresses of nodes and accept the gap that identities are not enforced.',
  ),
  'hbone-not-taken': error(
    'An ambient caller cannot reach the sidecar of a provider with its identity',
    'Label the pods of the provider networking.istio.io/tunnel: http, or run both in the same mode.',
  ),
  'hbone-not-sent': error(
    'A caller with a sidecar may not reach an ambient provider with its identity',
    'State mesh.istioVersion in the platform profile: sidecars send HBONE since 1.23. In an older mesh, enable HBONE for the caller (ISTIO_META_ENABLE_HBONE), whose pods then have the label networking.istio.io/tunnel: http.',
  ),
  'plaintext-callers-differ': error(
    'Callers in plaintext are granted different operations on one port',
    'Grant them the same operations, or bring them into the mesh: nothing else tells which of them calls.',
  ),
  'shared-identity-differs': error(
    'Callers share one service account, and the provider cannot tell whose grant it is',
    'Give each workload its own service account, or grant all of them the same operations.',
  ),
  'waypoint-bypass': error(
    'A way to the provider leads past the policies that its waypoint enforces',
    'Close the way named, or grant the port instead of methods.',
  ),
  'waypoint-before-plaintext': error(
    'Ambient callers are sent to a waypoint in front of a workload that is not in ambient mode',
    'Label the Service istio.io/use-waypoint: none, or bring the workload into ambient mode.',
  ),
  'waypoint-open': warning(
    'A waypoint stays open at the kernel layer, because not everything behind it is closed',
    'Give the Service a waypoint of its own, or declare the access of the others as well.',
  ),
  'way-past-waypoint': warning(
    'A headless Service leads past the waypoint: calls through it are refused',
    'Call through a Service with an address of its own.',
  ),
  'service-leads-elsewhere': error(
    'A Service behind a waypoint also leads to workloads of others',
    'Narrow the selector of the Service, or bind the other workloads to the provider as well.',
  ),
  'audit-not-recorded': warning(
    'Nothing can record for a workload what a policy would refuse',
    'State mesh.ambientDryRun and mesh.ztunnelVersion in the platform profile if ztunnel can, or use mode enforce.',
  ),
  'default-service-account': error(
    'A caller runs under the default service account of its namespace',
    'Give the workload its own service account, or acknowledge shared-service-account.',
    'Give the workload its own service account, or accept the gap that it shares one.',
  ),
  'default-service-account-provider': warning(
    'A provider runs under the default service account of its namespace',
    'Give the workload its own service account, so that nothing else can pose as it.',
  ),
  'identity-overgrant': warning(
    'Other workloads share the service account of a caller: the identity layer admits them too',
    'Give each workload its own service account.',
  ),
  'kernel-overgrant': error(
    'No selector selects exactly the pods of a workload',
    'Give the pods of the workload a label of their own.',
  ),
  'file-not-generated': error(
    'A file that people wrote stands where a generated one belongs',
    'Move what people wrote to a file of another name: Callgate would write over it, and what it restricts would be open.',
  ),
  'peer-authentication-exists': error(
    'A hand-written PeerAuthentication selects the same workload',
    'Remove it: of two for one workload the older wins, so a generated one would have no effect.',
  ),
  'mesh-guessed': warning(
    'It is not known whether a workload runs in the mesh',
    'State mesh.mode in the platform profile.',
  ),
  'encoded-slash': warning(
    'An encoded slash can reach another path than the one granted',
    'Set pathNormalization to DECODE_AND_MERGE_SLASHES in the mesh and in the platform profile.',
  ),
  'head-not-included': info(
    'HEAD is not granted with GET',
    'Grant HEAD as well if the caller sends it.',
  ),
  'whole-port-granted': info(
    'A grant covers everything behind a port',
    'If everything behind the port is meant, nothing has to be done. Otherwise name the operations that are needed.',
  ),
  'isolation-flip': warning(
    'A workload is closed to every caller without a grant',
    'Grant access to the callers that need it before this is merged.',
  ),
  'left-closed': warning(
    'An API has moved away from a workload, which stays closed',
    'If that is meant, or the pods are to go, nothing has to be done. Otherwise bind the component back, or remove the objects of the workload in a commit of its own: everybody may call it then.',
  ),
  'cuts-peers': warning(
    'Replicas of a workload can no longer call each other',
    'Grant caller self the ports that the replicas use among themselves, if they do.',
  ),
  'foreign-allow': warning(
    'A hand-written policy admits callers as well',
    'Remove it once grants replace it: they take nothing away from what it lets in.',
  ),
  'caller-egress-isolated': info(
    'What is granted is opened beside hand-written policies',
    'Nothing has to be done while they stay. Once they are removed, generate the manifests again.',
  ),
  'plumbing-not-expressible': error(
    'A peer of the platform profile cannot be opened',
    'State namespace and pod labels or CIDRs of the peer in the platform profile.',
  ),
  'kernel-not-enforced': error(
    'Nothing enforces the grant: the network of the cluster ignores policies and no mesh does it instead',
    'Bring the provider into the mesh, or correct cni.enforcesNetworkPolicy in the platform profile.',
  ),
  'scraper-cut': warning(
    'A scraper of the platform profile cannot reach a port any more',
    'Bring the scraper into the mesh and state its namespace and service account in the platform profile.',
  ),
  'scraped-port-closed': warning(
    'A port that annotations ask Prometheus to scrape closes, and the platform profile has no scraper for it',
    'State the scraper with its ports under scrapers in the platform profile, or remove the annotation if nothing scrapes the port.',
  ),
  'host-in-other-network': error(
    'A host of the mesh is in another network, behind a gateway that all its calls pass',
    'Give the host an address in the network of the cluster, or correct mesh.network in the platform profile.',
  ),
  'host-without-address': error(
    'What runs outside the cluster has no addresses by which it could be told apart',
    'Set callgate.dev/addresses on the entity to its addresses or blocks.',
  ),
  'name-not-enforceable': error(
    'What is reached by name cannot be opened by name: network policies know addresses only',
    'Set callgate.dev/addresses beside callgate.dev/hosts to the blocks that the service publishes, or leave the grant out: its access is unknown.',
  ),
  'clusters-crossed': error(
    'Caller and provider of a grant run in different clusters',
    'Run the caller in a cluster of the provider, or grant the gateway by which calls come in (gateway:<namespace>/<name>): everyone behind it may then call.',
  ),

  // Estate and platform profile
  'estate-not-readable': error(
    'A file of the estate cannot be read',
    'Correct the file at the place named.',
  ),
  'estate-unknown': error(
    'What runs in the clusters is not known',
    'Name each cluster in callgate.estate.manifests, or wait until what runs there was read.',
  ),
  'link-broken': warning(
    'A link among the manifests leads nowhere',
    'Remove the link, or correct where it leads to; nothing was read from it.',
  ),
  'not-a-manifest': info(
    'A file among the manifests is none',
    'Nothing has to be done: it is passed over. Leave it out of what is read (exclude) to be rid of this.',
  ),
  'estate-empty': warning(
    'Nothing of the files is a Kubernetes object',
    'Name the folder that has the rendered manifests.',
  ),
  'namespace-assumed': info(
    'Objects name no namespace, and are read as if applied to default',
    'State the namespace to which they are applied: namespace in the platform profile, or --namespace.',
  ),
  'workload-kind-unknown': warning(
    'Objects of a kind that is not known have a pod template: their pods are not judged',
    'State the kind under workloadKinds in the platform profile.',
  ),
  'operator-pods-unknown': warning(
    'Objects of a kind that is not known seem to make pods, which are not judged',
    'State the labels of its pods under workloadKinds in the platform profile.',
  ),
  'profile-invalid': error(
    'The platform profile is not valid',
    'Correct the field at the place named.',
  ),
  'profile-disagrees': warning(
    'The platform profile states something else than an object of the estate says',
    'Correct the profile, or the object. Until then the profile counts, unless what is found is the stricter one.',
  ),
  'profile-ambiguous': warning(
    'Objects of the estate say different things about the platform',
    'State the value in the platform profile: none of what they say is used.',
  ),
  'platform-not-readable': warning(
    'An object that says what the platform is like cannot be read',
    'Correct the object at the place named, or state the value in the platform profile.',
  ),

  // Manifests of any origin
  'duplicate-object': warning(
    'An object is given twice with different content',
    'Keep one of the manifests: the later one is what is judged.',
  ),
  'invalid-object': error(
    'The API server or Istio would reject an object',
    'Correct the field at the place named. Until then the object grants nothing, and what it would close is conditional.',
  ),
  'part-not-read': warning(
    'Objects of a cluster were left out while it was read',
    'Whoever owns the namespace makes its objects smaller, flatter or fewer; what is left out is read by itself as soon as it fits.',
  ),
  'unmodelled-policy': warning(
    'A policy of a kind that is not modelled says something about access',
    'Verdicts on what it may touch are conditional; check them against the policy itself.',
  ),
  'no-effect': warning(
    'An object has no effect',
    'Remove it, or correct what keeps it from applying.',
  ),
  'too-complex': warning(
    'A set of requests is larger than what can be decided exactly',
    'Read the access that rests on it as possible; fewer or simpler path patterns make it exact.',
  ),
  // Manifests of any origin: what Kubernetes and Istio accept and read differently from what was probably meant
  'selects-nothing': warning(
    'A policy selects nothing',
    'Correct the selector or the namespace, or remove the policy; what it should protect is not protected.',
  ),
  'peer-selects-nothing': info(
    'A rule names pods or namespaces that are not there',
    'Correct the selector, or leave it if what it names comes later or is not in the estate.',
  ),
  'shadowed-rule': warning(
    'A rule means nothing beside another one',
    'Remove it if the wider rule is meant; otherwise remove or narrow the wider one: allowing rules add up.',
  ),
  'or-instead-of-and': warning(
    'Two entries are alternatives where one with both conditions was probably meant',
    'Remove the dash before the second entry, so that both conditions stand in one.',
  ),
  'never-matches': warning(
    'A rule asks for what no request has at once',
    'Put the values into one condition: conditions of a rule must all hold, values of one are alternatives.',
  ),
  'all-ports': warning(
    'A rule names no port: every port of the pods is meant',
    'Name the ports that are needed.',
  ),
  'empty-list': warning(
    'An empty list does not mean "none"',
    'Remove the whole rule if nobody is meant, or fill the list.',
  ),
  'named-port-unresolved': warning(
    'The name of a port is none at any of the pods',
    'Name a port that the containers declare, or write its number.',
  ),
  'named-port-differs': warning(
    'The name of a port stands for different ports at different pods',
    'Write the number, or give the port the same name and number in every pod template.',
  ),
  'service-port-in-policy': error(
    'A policy names the port of a Service where the port of the pods counts',
    'Write the port that the Service leads to: policies see packets after its address translation.',
  ),
  'namespace-label': info(
    'A rule trusts a namespace label that people can set',
    'Match kubernetes.io/metadata.name, which the API server sets, or make sure who may change labels of namespaces.',
  ),
  'host-network-selected': warning(
    'A network policy names pods on the host network: labels do not select them',
    'Move the workload off the host network, or name the addresses of its nodes and accept that everything on them is admitted.',
  ),
  'pod-cidr-block': warning(
    'An address block names pods by their addresses',
    'Select the pods by labels or by identity: pods change addresses, and whoever gets one gets the access.',
  ),
  'http-fields-on-tcp': error(
    'A rule looks at HTTP on a port that carries none that can be read',
    'Name the protocol of the Service port (appProtocol http, http2 or grpc) if it is HTTP; otherwise remove the HTTP fields.',
  ),
  'deny-without-effect': error(
    'A DENY rule denies nothing: ztunnel cannot read HTTP and drops the rule',
    'Put the policy on a waypoint with targetRefs, or leave the HTTP fields out and deny the callers as a whole.',
  ),
  'rule-omitted': warning(
    'ztunnel cannot read HTTP and leaves rules out',
    'Put the policy on a waypoint with targetRefs, or leave the HTTP fields out.',
  ),
  'trust-domains-ignored': error(
    'ztunnel does not look at trustDomains',
    'Write principals with their trust domain instead.',
  ),
  'waypoint-address': error(
    'A policy at a waypoint looks at the address of the caller, which a waypoint does not see',
    'Look at principals, or put the addresses into a NetworkPolicy.',
  ),
  'identity-without-mtls': warning(
    'A rule relies on the identity of callers that may come without one',
    'Require mutual TLS with a PeerAuthentication in mode STRICT, or deny notPrincipals ["*"] as well.',
  ),
  'principal-unused': warning(
    'A rule names a service account that no workload of its namespace runs under',
    'Correct the name, or leave it if the caller comes later; whoever may create the service account gets the access.',
  ),
  'default-account-trusted': warning(
    'A rule trusts the default service account of a namespace',
    'Give the caller its own service account: every pod without one has this identity.',
  ),
  'trust-domain-unknown': warning(
    'A principal has a trust domain that the mesh does not know',
    'Write the trust domain of the mesh, or state aliases in the platform profile.',
  ),
  'trust-domain-alias': warning(
    'A trust domain alias makes callers of another environment look like those of this one',
    'Remove the alias, or give service accounts of the environments different names.',
  ),
  'peer-authentication-order': warning(
    'Two PeerAuthentications of the same scope disagree',
    'Keep one: the older wins, whatever their names.',
  ),
  'disable-in-ambient': warning(
    'Mode DISABLE does not do in ambient what it says',
    'Write PERMISSIVE where plaintext is meant to be taken, STRICT where it is not.',
  ),
  'path-prefix': warning(
    'A path prefix without a slash matches other words that begin alike',
    'Write the path itself and the path with /* as two values.',
  ),
  'path-literal-star': warning(
    'A star inside a path stands for itself',
    'Write {*} for one segment.',
  ),
  'path-regex': warning(
    'A path looks like a regular expression and is compared as text',
    'Write exact paths, a prefix that ends in /*, or {*} for one segment.',
  ),
  'path-deny-bypass': warning(
    'A DENY by path can be got around with another spelling of the path',
    'Set pathNormalization to MERGE_SLASHES or stricter in the mesh and in the platform profile, or allow the paths that are meant.',
  ),
  'method-case': error(
    'A method is not in upper case: it matches no usual request',
    'Write the method in upper case.',
  ),
  'method-wildcard': info(
    'A list of methods names every method',
    'Leave the field out.',
  ),
  'host-without-port': warning(
    'A host without port does not match requests that name the port',
    'Write the host and the host with :* as two values.',
  ),
  'wildcard-host': warning(
    'A ServiceEntry stands for every name under a domain',
    'Name the hosts: with a wildcard the caller chooses name and address.',
  ),
  'headless-without-ports': warning(
    'A headless Service declares no ports: the mesh guesses what its pods speak',
    'Declare the ports with appProtocol.',
  ),
  'server-first-protocol': warning(
    'The mesh waits for the client on a port where the server speaks first',
    'Set appProtocol (tcp, mysql or mongo) on the Service port.',
  ),
  'probe-rewrite-off': warning(
    'Probes are not rewritten and fail where mutual TLS is required',
    'Remove the annotation sidecar.istio.io/rewriteAppHTTPProbers, or exclude the port of the probe from the sidecar.',
  ),
  'cilium-http-in-mesh': error(
    "A Cilium rule on HTTP meets the mesh's encrypted traffic",
    "Use an AuthorizationPolicy, or keep the workload out of the mesh: Cilium's proxy cannot read mutual TLS.",
  ),
  'istio-chart-policy': info(
    "A NetworkPolicy of Istio's own charts is in place",
    'If that is meant, nothing has to be done: policies for these pods add to it, and an upgrade may change it.',
  ),
  'policy-without-proxy': warning(
    'A policy is for something without a proxy: nobody enforces it',
    'Give it a proxy, enforce it at the callers with a NetworkPolicy, or remove the policy.',
  ),

  'dns-closed': warning(
    'Pods whose egress is closed cannot look up names',
    'Open UDP and TCP 53 to the DNS of the cluster, in a rule of its own.',
  ),
  'ingress-closed-too': warning(
    'A policy with egress rules closes ingress as well',
    'Write policyTypes: [Egress], or the ingress rules that are meant.',
  ),
  'service-address-block': warning(
    'An address block names a Service by its address, which no policy sees',
    'Select the pods behind the Service by labels.',
  ),
  'hbone-port-closed': warning(
    'A network policy leaves out the port on which ambient pods take calls of the mesh',
    'Admit TCP 15008 from the same peers; who may call which port is then for an AuthorizationPolicy.',
  ),
  'waypoint-missing': warning(
    'A label names a waypoint that is not there',
    'Add the Gateway of the waypoint, correct the label, or remove it.',
  ),
  'destination-rule-against-mtls': warning(
    'A DestinationRule has callers speak without the mutual TLS that the provider demands',
    'Set trafficPolicy.tls.mode to ISTIO_MUTUAL, or leave tls out: the mesh then uses what the provider takes.',
  ),
  'pod-without-sidecar': warning(
    'A pod runs without the sidecar that its labels or its namespace ask for',
    'Restart it: the injector only sees pods when they are made.',
  ),
  'init-container-before-proxy': warning(
    'An init container runs before the sidecar and calls what takes identities only',
    'Have the sidecar injected before it (sidecar.istio.io/nativeSidecar: "true", where Kubernetes has sidecars), or call from the application.',
  ),
  'host-spellings': info(
    'A rule names a Service by some of its names only',
    'Add the other names if callers may use them, or leave hosts out: the pods are selected already.',
  ),
  'probes-closed': warning(
    'A network policy keeps the kubelet from probing ambient pods',
    'Admit the address from which probes of ambient pods come, by default 169.254.7.127/32, to the port of the probe.',
  ),
  'waypoint-not-admitted': warning(
    'A policy behind a waypoint does not admit the waypoint',
    'Admit the service account of the waypoint, and move what looks at callers to a policy with targetRefs.',
  ),
  'token-not-required': warning(
    'Tokens are validated and not demanded',
    'Add an AuthorizationPolicy that asks for requestPrincipals, if requests without a token are not meant.',
  ),
  'token-not-validated': warning(
    'A rule asks for a token that nobody validates',
    'Add a RequestAuthentication for the same pods.',
  ),
  'gateway-past-waypoint': warning(
    'A policy of a waypoint does not hold for calls of gateways',
    'Label the Service istio.io/ingress-use-waypoint: "true", or add a policy with a selector for what gateways may call.',
  ),
  'gateway-closed': warning(
    'A policy of a whole namespace closes a gateway as well',
    'Add an AuthorizationPolicy in action ALLOW for the gateway, or give the policy a selector.',
  ),
  'waypoint-not-lent': warning(
    'A label names a waypoint of another namespace that does not admit it',
    'Set allowedRoutes.namespaces on the listener of the waypoint, or use a waypoint of the own namespace.',
  ),
  'outbound-not-limited': warning(
    'A policy about a host outside the mesh limits no call',
    'Close the egress of the callers with a NetworkPolicy, or lead the calls through an egress gateway or waypoint and put the policy there with targetRefs.',
  ),
  'gateway-hides-address': warning(
    'A policy looks at addresses of callers, which a gateway in between replaces by its own',
    'Write remoteIpBlocks in place of ipBlocks and state numTrustedProxies, or put the policy at the gateway.',
  ),
  'ports-beside-hbone': info(
    'A network policy names ports beside the one by which all of them are reached',
    'Name the ports in an AuthorizationPolicy: a network policy cannot see them inside HBONE.',
  ),
  'path-rewritten': info(
    'A policy compares paths that a route changes before it',
    'Write the paths as they are after the rewrite, if these are not they.',
  ),
  'port-past-policy': warning(
    'A policy does not hold on a port that goes past the sidecar',
    'Remove the port from the annotation, or close it with a NetworkPolicy.',
  ),

  // Proof
  'access-missing': error(
    'Granted access is refused',
    'Remove or correct what refuses it, or withdraw the grant.',
  ),
  'access-not-decided': error(
    'The paths of a workload are more patterns than can be compared exactly, so that a difference cannot be ruled out',
    'Grant fewer patterns to one caller, or ones that overlap less; correct the named hand-written policy if the patterns are its own.',
  ),
  'surplus-ours': error(
    'Generated objects open more than is granted',
    'Report this: nothing is proposed until it is corrected.',
  ),
  'surplus-foreign': warning(
    'Hand-written objects open more than is granted',
    'Ask the owner of the object to remove it, or grant the access.',
  ),
  'policy-of-others': warning(
    'A policy of others may refuse or open what grants are about',
    'Read the policy, or ask whoever holds it: Callgate does not judge what it says.',
  ),
  'gained-not-approved': error(
    'Access is opened that nobody approved',
    'Ask for the access, or remove what opens it.',
  ),
  'lost-not-told': error(
    'Access is taken away that nobody was told of',
    'Remove what closes it, or ask for its end as well.',
  ),
  'platform-team-not-stated': info(
    'The platform profile does not say who the platform team is',
    'State spec.trust.platform with the users and groups of the cluster that may change what the layers rest on, the one that applies the policy repository among them.',
  ),
  'guardrail-invalid': error(
    "The platform team's rules cannot be used",
    'Correct the rule at the place named; no rule of this version of the file is applied until all of them compile and their examples hold.',
  ),
  'guardrail-refused': error(
    'A rule of the platform team does not allow this',
    'Change what the rule names, or ask the platform team.',
  ),
  'guardrail-warning': warning(
    'A rule of the platform team advises against this',
    'Change what the rule names, or ask the platform team.',
  ),
  'guardrail-notice': info(
    'A rule of the platform team has something to say about this',
    'Nothing has to be done.',
  ),
  'approvals-invalid': error(
    'The rules of who approves cannot be used',
    'Correct the rule at the place named; until all of them compile and their examples hold, the last version of the file that could be read holds.',
  ),
  'cut-while-applying': error(
    'Somebody loses access while the files are applied one by one',
    'Propose the change in two steps: first what opens, then what closes.',
  ),
  // Receipts
  'receipt-invalid': error(
    'A receipt cannot be read',
    'Restore the file as the commit of its proposal has it: nobody edits receipts by hand.',
  ),
  'receipt-altered': error(
    'A receipt is not the one that its name says',
    'Restore the file as the commit of its proposal has it.',
  ),
  'receipt-misplaced': error(
    'A receipt stands in the place of another API',
    'Remove it, and restore what was there.',
  ),
  'receipt-foreign': error(
    'A receipt is of another policy repository',
    'Remove it; if the repository was renamed, name its addresses with --repository.',
  ),
  'receipt-unsigned': error(
    'A receipt is not signed',
    'Set callgate.signing and have the API proposed again; if somebody wrote it by hand, remove it.',
  ),
  'receipt-wrong-key': error(
    'A receipt is signed with a key that is not trusted',
    'If the key was changed, name the earlier one with --key as well; otherwise remove the receipt.',
  ),
  'receipt-signature-wrong': error(
    'The signature of a receipt is not of this receipt',
    'Restore the file as the commit of its proposal has it.',
  ),
  'receipt-missing': error(
    'A receipt is gone',
    'Restore the file from history: receipts stay, and later ones name them.',
  ),
  'receipts-disagree': error(
    'Two receipts say different things of one file',
    'Have one of the APIs proposed again: its receipt then comes after both.',
  ),
  'generated-edited': error(
    'A generated file is not what was approved',
    'Restore the file as the receipt has it, or ask for the change in the portal.',
  ),
  'generated-gone': error(
    'A generated file that was approved is gone',
    'Restore the file from history, or end the grant in the portal.',
  ),
  'generated-without-receipt': error(
    'No receipt covers a generated file',
    'Remove the file, or have its API proposed: what it opens was approved by nobody that a receipt names.',
  ),
  'api-before-receipts': info(
    'Generated files are older than receipts',
    'Nothing has to be done: the next proposal of the API covers them.',
  ),
  'receipt-key-missing': info(
    'Signatures of receipts were not looked at',
    'Name the public key with --key.',
  ),
} satisfies Record<string, FindingDefinition>;

/**
 * The code of a finding: stable, for machines.
 *
 * @public
 */
export type FindingCode = keyof typeof FINDINGS;

/** @public */
export type FindingData =
  | string
  | number
  | boolean
  | FindingData[]
  | { [key: string]: FindingData };

/**
 * Something that generation or verification noticed, about concrete objects.
 *
 * @public
 */
export interface Finding {
  code: FindingCode;
  severity: FindingSeverity;
  /** says what is wrong, naming the objects by their ids */
  message: string;
  /** what to do about it */
  fix: string;
  /** message and fix with their names set apart from the text, where they have any: {@link findingTexts} */
  words?: { message?: Words; fix?: Words };
  at?: SourcePosition;
  /** concrete objects, workloads or entity references, sorted */
  objects: string[];
  /** `api:namespace/name` that the finding belongs to; absent where it belongs to none */
  api?: string;
  /** id of the grant that the finding belongs to */
  grantId?: string;
  data?: FindingData;
}

/**
 * Makes a finding of the closed list.
 *
 * @param message - text, or words in which names are set apart, for {@link findingTexts}
 * @public
 */
export function finding(
  code: FindingCode,
  message: string | Words,
  details: {
    objects: readonly string[];
    at?: SourcePosition;
    fix?: string | Words;
    api?: string;
    grantId?: string;
    data?: FindingData;
  },
): Finding {
  const { severity, fix: usual } = FINDINGS[code];
  const { at, objects, fix = usual, api, grantId, data } = details;
  const words = {
    ...(namesIn(message) && { message }),
    ...(namesIn(fix) && { fix }),
  };
  return {
    code,
    severity,
    message: textOf(message),
    fix: textOf(fix),
    ...(Object.keys(words).length > 0 && { words }),
    ...(at && { at }),
    objects: [...new Set(objects)].sort(),
    ...(api !== undefined && { api }),
    ...(grantId !== undefined && { grantId }),
    ...(data !== undefined && { data }),
  };
}

function namesIn(text: string | Words): text is Words {
  return typeof text !== 'string' && hasNames(text);
}

function textOf(text: string | Words): string {
  return typeof text === 'string' ? text : idText(text);
}

/**
 * What a finding says to one reader, and what that reader can do about it. One that was stored before names were set apart
 * says what it said.
 *
 * @public
 */
export function findingTexts(
  { code, message, fix, words }: Finding,
  namer: Namer,
): { message: string; fix: string } {
  const { fix: usual, advice }: FindingDefinition = FINDINGS[code];
  const own = words?.fix ? sayWords(words.fix, namer) : fix;
  return {
    message: words?.message ? sayWords(words.message, namer) : message,
    fix: own === usual && advice !== undefined ? advice : own,
  };
}
