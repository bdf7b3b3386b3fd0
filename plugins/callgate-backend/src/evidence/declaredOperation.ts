import type { GrantOperation } from '@callgate/policy';

/** An operation as a declaration writes it: `listOrders`, `GET /orders`, `shop.Orders/Get`, `TCP 5432`. */
export function declaredOperations(operation: GrantOperation): string[] {
  if ('id' in operation) return [operation.id];
  if ('http' in operation) {
    const { methods, paths } = operation.http;
    return paths.map(path => `${methods.join('|')} ${path}`);
  }
  if ('grpc' in operation) {
    const { service, methods = ['*'] } = operation.grpc;
    return methods.map(method => `${service}/${method}`);
  }
  if ('tcp' in operation) return [`TCP ${operation.tcp.port}`];
  if ('udp' in operation) return [`UDP ${operation.udp.port}`];
  return [`SCTP ${operation.sctp.port}`];
}
