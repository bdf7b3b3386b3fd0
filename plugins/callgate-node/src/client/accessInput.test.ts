import { z } from 'zod/v3';
import { accessInputFields, toDraft } from './accessInput';

it('reads refs without a kind as an API and a component, and texts as ids of operations', () => {
  expect(
    toDraft({
      api: 'orders',
      caller: 'team-a/checkout',
      operations: ['listOrders', { tcp: { port: 5432 } }],
    }),
  ).toEqual({
    api: 'api:default/orders',
    caller: 'component:team-a/checkout',
    operations: [{ id: 'listOrders' }, { tcp: { port: 5432 } }],
  });
});

it('keeps what is said, also where it is empty', () => {
  const input = {
    api: 'api:default/orders',
    caller: 'resource:default/batch',
    operations: [],
    in: [],
    until: '',
    acknowledges: [],
    reason: '',
  };
  expect(toDraft(input)).toEqual(input);
});

it.each(['', 'api:/orders', 'default/'])('refuses %j as a ref', text => {
  expect(() => toDraft({ api: text, caller: 'x', operations: [] })).toThrow(
    expect.objectContaining({ name: 'InputError' }),
  );
});

it('takes operations as an AccessPolicy writes them, and nothing that mixes them', () => {
  const { operations } = accessInputFields(z);
  const taken = (operation: unknown) =>
    operations.safeParse([operation]).success;
  expect(
    [
      'listOrders',
      { id: 'listOrders' },
      { http: { methods: ['GET'], paths: ['/orders'] } },
      { grpc: { service: 'orders.v1.Orders' } },
      { udp: { port: 53 } },
    ].map(taken),
  ).toEqual([true, true, true, true, true]);
  expect(
    [
      {},
      { id: 'a', tcp: { port: 1 } },
      { http: { methods: ['GET'] } },
      { tcp: { port: 'many' } },
    ].map(taken),
  ).toEqual([false, false, false, false]);
  expect(operations.safeParse([]).success).toBe(false);
});
