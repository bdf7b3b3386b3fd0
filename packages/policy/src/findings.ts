import { SourcePosition } from './source';

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
}

const error = (title: string, fix: string) =>
  ({ severity: 'error', title, fix } as const);
const warning = (title: string, fix: string) =>
  ({ severity: 'warning', title, fix } as const);
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
  'set-member-unbound': warning(
    'A member of the set that a grant names has no workload: it gets no access',
    'Bind the component to its workload, or ignore this if it does not run anywhere.',
  ),

  // Definitions
  'contract-unreadable': error(
    "The API's definition cannot be read",
    'Correct the definition in the catalog; grants of named operations need it.',
  ),
  'contract-ref-not-followed': error(
    "The API's definition refers to another document",
    'Bundle the definition into one document: only references inside the document are followed.',
  ),
  'contract-duplicate-operation': error(
    "Two operations of the API's definition have the same operationId",
    'Give each operation its own operationId.',
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
  ),
  'identity-not-enforceable': error(
    'A caller outside the mesh calls a provider in the mesh: nothing but the kernel layer tells it apart',
    'Bring the caller into the mesh, or acknowledge identity-not-enforced.',
  ),
  'not-http-port': error(
    'Methods are granted on a port that does not carry readable HTTP',
    'Grant the port, or name the protocol of the Service port (appProtocol http, http2 or grpc) if it is wrong.',
  ),
  'protocol-not-declared': warning(
    'The protocol of a port with granted methods is guessed by the mesh',
    'Set appProtocol (or a name that begins with http or grpc) on the Service port.',
  ),
  'port-outside-mesh': error(
    'A port is excluded from the mesh: it has neither identity nor method layer',
    'Remove the port from the exclusion annotations of the pod template, or grant access that the kernel layer alone can hold.',
  ),
  'host-network-caller': error(
    'A caller runs on the host network: no policy can select it',
    'Move the workload off the host network.',
  ),
  'host-network-provider': error(
    'A provider runs on the host network: no policy is enforced for it',
    'Move the workload off the host network.',
  ),
  'gateway-caller': info(
    'A grant admits everyone behind a gateway',
    'Nothing, if that is meant: the approver reads it.',
  ),
  'cidr-covers-pods': error(
    'A grant to addresses covers addresses of pods',
    'Grant the component that runs in these pods instead of its addresses.',
  ),
  'node-address-caller': error(
    'A grant to addresses covers nodes: everybody whose calls come through one is admitted',
    'Set externalTrafficPolicy: Local and grant the addresses of clients, or acknowledge identity-not-enforced.',
  ),
  'source-address-hidden': warning(
    'A Service replaces the address of the caller by that of a node',
    'Set externalTrafficPolicy: Local on the Service, or grant the addresses of nodes and acknowledge identity-not-enforced.',
  ),
  'hbone-not-taken': error(
    'An ambient caller cannot reach the sidecar of a provider with its identity',
    'Label the pods of the provider networking.istio.io/tunnel: http, or run both in the same mode.',
  ),
  'hbone-not-sent': error(
    'A caller with a sidecar may not reach an ambient provider with its identity',
    'Label the pods of the caller networking.istio.io/tunnel: http where their proxies have HBONE enabled (ISTIO_META_ENABLE_HBONE).',
  ),
  'plaintext-callers-differ': error(
    'Callers in plaintext are granted different operations on one port',
    'Grant them the same operations, or bring them into the mesh: nothing else tells which of them calls.',
  ),
  'shared-identity-differs': error(
    'Callers under one service account have different grants that no layer keeps apart',
    'Give each workload its own service account, or grant all of them the same operations.',
  ),
  'waypoint-bypass': error(
    'A way to the provider leads past the policies that its waypoint enforces',
    'Close the way named, or grant the port instead of methods.',
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
    'Nothing, if that is meant: the approver reads it.',
  ),
  'isolation-flip': warning(
    'A workload is closed to every caller without a grant',
    'Grant access to the callers that need it before this is merged.',
  ),
  'cuts-peers': warning(
    'Replicas of a workload can no longer call each other',
    'Grant caller self the ports that the replicas use among themselves, if they do.',
  ),
  'foreign-allow': warning(
    'A hand-written policy admits callers as well',
    'Remove it when the grants replace it: policies add up.',
  ),
  'caller-egress-isolated': info(
    "A hand-written policy isolates a caller's egress: it is opened for what is granted",
    'Nothing. If the hand-written policy is removed, generate again.',
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
  'not-supported-yet': error(
    'This version cannot generate what the grant needs',
    'Leave the grant out until it is supported; its access is unknown.',
  ),

  // Estate and platform profile
  'estate-not-readable': error(
    'A file of the estate cannot be read',
    'Correct the file at the place named.',
  ),
  'profile-invalid': error(
    'The platform profile is not valid',
    'Correct the field at the place named.',
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
  'unmodelled-policy': warning(
    'A policy of a kind that is not modelled says something about access',
    'Verdicts on what it may touch are conditional; check them against the policy itself.',
  ),
  'not-judged-yet': warning(
    'This version cannot judge the access of a workload',
    'Nothing is wrong with the manifests: read its access as unknown, neither open nor closed.',
  ),
  'no-effect': warning(
    'An object has no effect',
    'Remove it, or correct what keeps it from applying.',
  ),
  'too-complex': warning(
    'A set of requests is larger than what can be decided exactly',
    'Read the access that rests on it as possible; fewer or simpler path patterns make it exact.',
  ),
  // Proof
  'access-missing': error(
    'Granted access is refused',
    'Remove or correct what refuses it, or withdraw the grant.',
  ),
  'surplus-ours': error(
    'Generated objects open more than is granted',
    'Report this: nothing is proposed until it is corrected.',
  ),
  'surplus-foreign': warning(
    'Hand-written objects open more than is granted',
    'Ask the owner of the object to remove it, or grant the access.',
  ),
  'gained-not-approved': error(
    'Access is opened that nobody approved',
    'Ask for the access, or take back what opens it.',
  ),
  'platform-team-not-stated': info(
    'The platform profile does not say who the platform team is',
    'State spec.trust.platform with the users and groups of the cluster that may change what the layers rest on, the one that applies the policy repository among them.',
  ),
  'guardrail-invalid': error(
    "The platform team's rules cannot be used",
    'Correct the rule at the place named; no rule of the file is applied until all of them compile and their examples hold.',
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
  'cut-while-applying': error(
    'Somebody loses access while the files are applied one by one',
    'Propose the change in two steps: first what opens, then what closes.',
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
  /** says what is wrong, naming the objects */
  message: string;
  /** what to do about it */
  fix: string;
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
 * @public
 */
export function finding(
  code: FindingCode,
  message: string,
  details: {
    objects: readonly string[];
    at?: SourcePosition;
    fix?: string;
    api?: string;
    grantId?: string;
    data?: FindingData;
  },
): Finding {
  const { severity, fix } = FINDINGS[code];
  return {
    code,
    severity,
    message,
    fix: details.fix ?? fix,
    ...(details.at && { at: details.at }),
    objects: [...new Set(details.objects)].sort(),
    ...(details.api !== undefined && { api: details.api }),
    ...(details.grantId !== undefined && { grantId: details.grantId }),
    ...(details.data !== undefined && { data: details.data }),
  };
}
