import { GuardrailSubject } from './types';

/** A type of CEL, or the fields of an object. */
export type CelSchema = string | { readonly [field: string]: CelSchema };

const TEXTS = 'list<string>';
const LABELS = 'map<string, string>';

/** What an expression may know of an entity. */
export const ENTITY = {
  ref: 'string',
  kind: 'string',
  namespace: 'string',
  name: 'string',
  title: 'string',
  type: 'string',
  lifecycle: 'string',
  system: 'string',
  owners: TEXTS,
  tags: TEXTS,
  labels: LABELS,
  annotations: LABELS,
} as const;

const WORKLOAD = {
  id: 'string',
  cluster: 'string',
  environments: TEXTS,
  namespace: 'string',
  kind: 'string',
  name: 'string',
  serviceAccount: 'string',
  mesh: 'string',
  labels: LABELS,
  namespaceLabels: LABELS,
  /** outside the estate: addresses instead of a workload */
  outside: 'bool',
  cidrs: TEXTS,
} as const;

const LAYERS = {
  kernel: 'string',
  identity: 'string',
  method: 'string',
} as const;

const REQUESTS = {
  from: WORKLOAD,
  to: WORKLOAD,
  protocol: 'string',
  /** empty: every method */
  methods: TEXTS,
  /** empty: every path */
  paths: TEXTS,
  layers: LAYERS,
} as const;

/**
 * The fields that an expression may use, by subject. `stage` stands beside
 * each of them.
 */
export const SUBJECT_SCHEMAS: Record<
  GuardrailSubject,
  { readonly [field: string]: CelSchema }
> = {
  edge: {
    ...REQUESTS,
    cluster: 'string',
    port: 'int',
    api: ENTITY,
    caller: ENTITY,
    provider: ENTITY,
    operations: TEXTS,
    gaps: TEXTS,
    mode: 'string',
    grant: {
      id: 'string',
      caller: 'string',
      reason: 'string',
      request: 'string',
      requestedBy: 'string',
      approvedBy: TEXTS,
      in: TEXTS,
    },
  },
  access: {
    ...REQUESTS,
    /** ranges in ascending order: `80,8000-8080` */
    ports: 'string',
    hosts: TEXTS,
    certainty: 'string',
  },
  workload: {
    ...WORKLOAD,
    /** `open`: everybody may connect to some port; `isolated` otherwise */
    ingress: { kernel: 'string', identity: 'string' },
    egress: { kernel: 'string' },
  },
};
