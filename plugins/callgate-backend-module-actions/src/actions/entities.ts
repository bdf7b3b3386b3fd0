import type { EntityLabel, Operation } from '@callgate/plugin-callgate-common';
import type { z } from 'zod/v3';

/** An entity as a model reads it. */
export interface NamedEntity {
  ref: string;
  title: string;
}

export function entityField(zod: typeof z) {
  return zod
    .object({ ref: zod.string(), title: zod.string() })
    .describe(
      'ref is empty for what the person who asks may not see: it is there, and not named',
    );
}

export function toEntity(label: EntityLabel): NamedEntity {
  return label.state === 'hidden'
    ? { ref: '', title: 'not visible' }
    : { ref: label.ref, title: label.title ?? label.name };
}

/** `GET /orders`, `orders.v1.Orders/List`, `TCP 5432`. */
export function operationText(operation: Operation): string {
  const { kind, id, method, path, service, rpc, port, protocol } = operation;
  if (kind === 'port') {
    return port === undefined ? 'everything' : `${protocol ?? 'TCP'} ${port}`;
  }
  if (kind === 'grpc') return `${service}/${rpc}`;
  return path ? `${method} ${path}` : id ?? '';
}
