import { AddressSet } from '../../net/AddressSet';
import { Party } from '../party';

/** The identity that a caller's certificate carries. */
export interface Identity {
  trustDomain: string;
  namespace: string;
  serviceAccount: string;
}

/** A caller as the provider's sidecar sees it. */
export interface Caller {
  party: Party;
  /** `undefined`: no peer certificate. `unknown`: one, but nobody knows whose. */
  identity: Identity | 'unknown' | undefined;
  /** True where the proxy does not see the address that the caller calls from (docs/semantics.md, A10). */
  hidesAddress?: boolean;
  /** Distinguishes callers that policies can tell apart, for memos. */
  key: string;
}

const addressKeys = new WeakMap<AddressSet, string>();
let nextAddressKey = 1;

function addressKey(party: Party): string {
  if (party.kind === 'workload' && party.workload.runsOn === 'host')
    return `${party.cluster.name}/${party.workload.id}`;
  if (party.kind === 'workload')
    return `${party.cluster.name}/${
      party.workload.hostNetwork ? 'node' : 'pod'
    }`;
  let key = addressKeys.get(party.addresses);
  if (!key) {
    key = `address ${nextAddressKey++}`;
    addressKeys.set(party.addresses, key);
  }
  return key;
}

/** A caller over mutual TLS: what it is comes from its service account. */
export function mtlsCaller(
  party: Party,
  trustDomain: string,
  hasProxy: boolean,
): Caller {
  if (party.kind === 'address' || !hasProxy)
    return { party, identity: 'unknown', key: `? ${addressKey(party)}` };
  const { namespace, serviceAccount } = party.workload;
  return {
    party,
    identity: { trustDomain, namespace, serviceAccount },
    key: `${trustDomain}/${namespace}/${serviceAccount} ${addressKey(party)}`,
  };
}

/** A caller without a certificate: its principal is empty (docs/semantics.md, I1). */
export function plaintextCaller(party: Party): Caller {
  return { party, identity: undefined, key: `- ${addressKey(party)}` };
}

/** A caller as a waypoint sees it: by its certificate only. */
export function behindTunnel(caller: Caller): Caller {
  return { ...caller, hidesAddress: true, key: `${caller.key} tunnelled` };
}
