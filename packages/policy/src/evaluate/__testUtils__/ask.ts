import { MeshMode } from '../../estate/types';
import { PlatformProfile } from '../../profile/types';
import { evaluate } from '../evaluate';
import { Call } from '../types';
import { deployment, worldOf } from './worlds';

export const orders = 'shop/Deployment/orders';
export const checkout = 'shop/Deployment/checkout';
export const stranger = 'other/Deployment/stranger';
export const shop =
  deployment('shop/orders') +
  deployment('shop/checkout') +
  deployment('other/stranger');

export interface Options {
  profile?: PlatformProfile;
  mesh?: MeshMode | 'detect';
}

export function ask(yaml: string, call: Partial<Call>, options: Options = {}) {
  return evaluate(worldOf(yaml, options), {
    from: checkout,
    to: orders,
    port: 8080,
    ...call,
  });
}
export const verdict = (
  yaml: string,
  call: Partial<Call> = {},
  options: Options = {},
) => ask(yaml, call, options).verdict;
export const kinds = (
  yaml: string,
  call: Partial<Call> = {},
  options: Options = {},
) => ask(yaml, call, options).conditions.map(condition => condition.kind);

export function networkPolicy(spec: string, name = 'np', namespace = 'shop') {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n---\n`;
}
export const toOrders = (rest: string) =>
  networkPolicy(`{ podSelector: { matchLabels: { app: orders } }, ${rest} }`);

export function policy(
  spec: string,
  name = 'ap',
  namespace = 'shop',
  annotations = '',
) {
  return `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: ${name}, namespace: ${namespace}, annotations: { ${annotations} } }\nspec: ${spec}\n---\n`;
}
export function peerAuthentication(
  spec: string,
  name = 'pa',
  namespace = 'shop',
  more = '',
) {
  return `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: ${name}, namespace: ${namespace}${more} }\nspec: ${spec}\n---\n`;
}
export function service(port: string) {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: orders, namespace: shop }\nspec: { selector: { app: orders }, ports: [{ port: 80, targetPort: 8080, ${port} }] }\n---\n`;
}
export const sidecar: Options = { mesh: 'sidecar' };
export const http = service('name: http');
export const get = (path = '/orders/7', method = 'GET') => ({
  http: { method, path, host: 'orders.shop' },
});
export const onMesh = (
  yaml: string,
  call: Partial<Call> = {},
  options: Options = {},
) =>
  verdict(
    shop + http + yaml,
    { ...get(), ...call },
    { ...sidecar, ...options },
  );
