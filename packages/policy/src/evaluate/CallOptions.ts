import { Transport } from './istio/destinationRules';
import { ServiceAddress } from './ways/Way';

/** Is anything about a call stated that is otherwise negotiated or open? */
export interface CallOptions {
  tls?: Transport;
  /** The address that is called: a port of a Service, or the pod's own. */
  via?: 'pod' | ServiceAddress;
}
