import type { FindingCode } from '@callgate/policy';

/**
 * Findings whose words name nothing but their objects, their API and their grant, so that whoever may see those may read
 * them. Any other, also one that is new, is told as what kind of finding it is to a reader from whom something is hidden.
 */
export const TELLABLE_FINDINGS: ReadonlySet<FindingCode> = new Set<FindingCode>(
  [
    'api-not-found',
    'base-path-ambiguous',
    'binding-invalid',
    'binding-missing',
    'binding-no-workload',
    'contract-duplicate-operation',
    'contract-ref-not-followed',
    'contract-unreadable',
    'default-service-account',
    'egress-open',
    'encoded-slash',
    'estate-unknown',
    'head-not-included',
    'host-network-caller',
    'host-network-provider',
    'identity-not-enforceable',
    'method-not-enforceable',
    'not-http-port',
    'port-ambiguous',
    'port-not-found',
    'port-outside-mesh',
    'protocol-not-declared',
    'provider-missing',
    'scope-required',
    'scope-unknown',
    'several-workloads',
    'surplus-foreign',
    'unknown-operation',
    'waypoint-bypass',
    'way-past-waypoint',
    'whole-port-granted',
  ],
);
