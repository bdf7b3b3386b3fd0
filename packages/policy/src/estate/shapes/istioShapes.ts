import { destinationRule } from './destinationRule';
import { gateway } from './gateway';
import { requestAuthentication } from './requestAuthentication';
import { Shape } from './shape';
import { proxyConfig, telemetry } from './telemetry';
import { serviceEntry, workloadEntry, workloadGroup } from './workloads';

/*
 * What Istio's definitions and its webhook ask of the kinds that are read here, as far as it is one of their fields that is read or
 * one that every object has (istio `manifests/charts/base/files/crd-all.gen.yaml`, with its CEL rules; `pkg/config/validation`).
 * What is not sure to be refused is not here: whoever could have an object taken for refused could hide it.
 */

/** The shape of a kind's spec, and whether there may be none. */
export interface KindShape {
  spec: Shape;
  isOptional?: true;
}

/** By group and kind. */
export const ISTIO_SHAPES: Readonly<Record<string, KindShape>> = {
  'networking.istio.io/DestinationRule': { spec: destinationRule },
  'networking.istio.io/ServiceEntry': { spec: serviceEntry },
  'networking.istio.io/WorkloadEntry': { spec: workloadEntry },
  'networking.istio.io/WorkloadGroup': { spec: workloadGroup },
  'networking.istio.io/Gateway': { spec: gateway },
  'networking.istio.io/ProxyConfig': { spec: proxyConfig, isOptional: true },
  'security.istio.io/RequestAuthentication': {
    spec: requestAuthentication,
    isOptional: true,
  },
  'telemetry.istio.io/Telemetry': { spec: telemetry, isOptional: true },
};
