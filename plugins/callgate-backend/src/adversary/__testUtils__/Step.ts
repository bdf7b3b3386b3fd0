import fc from 'fast-check';
import { APIS, Company, OPERATIONS, PEOPLE, TEAMS } from './Company';

/** Who does something: somebody with the right to it, as far as there is one, or just anybody. */
export interface Who {
  as: 'right' | 'other-right' | 'former' | 'anybody';
  /** Which of them. */
  pick: number;
}

/** One thing that somebody does. Plain data, so that a sequence can be printed and played again. */
export type Step =
  | {
      do: 'ask';
      who: Who;
      side: 'caller' | 'api';
      caller: string;
      api: string;
      operations: string[];
    }
  | {
      do: 'of-grant';
      kind: 'end' | 'change';
      who: Who;
      side: 'caller' | 'api';
      grant: number;
      whenLast: 'keep-closed' | 'open';
      operations: string[];
    }
  | { do: 'look'; request: number }
  | { do: 'approve'; who: Who; request: number; looks: boolean }
  | { do: 'reject'; who: Who; request: number }
  | { do: 'withdraw'; who: Who; request: number }
  | { do: 'build' }
  | { do: 'show'; proposal: number }
  | {
      do: 'review';
      who: Who;
      proposal: number;
      decision: 'approved' | 'changes-requested' | 'withdrawn';
      looks: boolean;
    }
  | { do: 'merge'; who: Who; proposal: number; looks: boolean }
  | { do: 'read-all' }
  | { do: 'bind'; component: string; annotations: Record<string, string> }
  | { do: 'provide'; component: string; apis: string[] }
  | { do: 'join-system'; component: string; joins: boolean }
  | {
      do: 'define';
      api: string;
      operation: string;
      as: 'there' | 'gone' | 'renamed' | 'elsewhere' | 'broken' | 'sound';
    }
  | {
      do: 'relabel';
      workload: number;
      label: 'app' | 'tier' | 'account' | 'owner';
      value: number;
    }
  | {
      do: 'member';
      person: string;
      team: (typeof TEAMS)[number];
      joins: boolean;
    }
  | { do: 'declare-by-hand'; api: string; caller: string; operation: string }
  | {
      do: 'manifests-by-hand';
      file: number;
      how: 'remove' | 'open' | 'drop-rule';
    };

const pick = fc.nat({ max: 5 });

const WHO: fc.Arbitrary<Who> = fc.record({
  as: fc.oneof(
    { weight: 5, arbitrary: fc.constant('right' as const) },
    { weight: 1, arbitrary: fc.constant('other-right' as const) },
    { weight: 1, arbitrary: fc.constant('former' as const) },
    { weight: 2, arbitrary: fc.constant('anybody' as const) },
  ),
  pick: fc.nat({ max: 12 }),
});
/** Mostly: somebody who had the right and left may try as well. */
const HONEST: fc.Arbitrary<Who> = fc.record({
  as: fc.oneof(
    { weight: 7, arbitrary: fc.constant('right' as const) },
    { weight: 1, arbitrary: fc.constant('former' as const) },
  ),
  pick: fc.nat({ max: 3 }),
});

const NAMES = [
  '$first',
  '$second',
  '$provider',
  'orders',
  'stock',
  'checkout',
  'cart',
  'search',
  'billing',
  'lab-one',
  'lab-two',
];
const CALLERS = [
  ...[
    'component:default/checkout',
    'component:default/cart',
    'component:default/views',
  ],
  ...[
    'component:default/spy',
    'component:default/orders',
    'component:default/dock',
  ],
  ...['system:default/shopfront', 'component:default/search'],
];
const MOVABLE = Object.keys(new Company().components).filter(
  name => !Company.STEADY.includes(name) && name !== 'shopfront',
);

/** Who a sequence is about, so that what it does comes together: stands in the steps by these names until it is played. */
const CAST = fc.record({
  api: fc.constantFrom(...APIS),
  operation: fc.constantFrom(...Object.keys(OPERATIONS)),
  first: fc.constantFrom(...CALLERS),
  second: fc.constantFrom(...CALLERS),
});
const CALLER = fc.oneof(
  { weight: 3, arbitrary: fc.constant('$first-ref') },
  { weight: 2, arbitrary: fc.constant('$second-ref') },
  { weight: 1, arbitrary: fc.constantFrom(...CALLERS) },
);
const COMPONENT = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('$first', '$second', '$provider') },
  { weight: 2, arbitrary: fc.constantFrom('views', 'spy') },
  { weight: 1, arbitrary: fc.constantFrom(...MOVABLE) },
);
const API = fc.oneof(
  { weight: 4, arbitrary: fc.constant('$api') },
  { weight: 1, arbitrary: fc.constantFrom(...APIS) },
);

function withCast(
  steps: readonly Step[],
  {
    api,
    operation,
    first,
    second,
  }: Record<'api' | 'operation' | 'first' | 'second', string>,
): Step[] {
  // Of a system its members are what changes.
  const nameOf = (ref: string) =>
    ref.startsWith('system:') ? 'cart' : ref.slice(ref.indexOf('/') + 1);
  const text = JSON.stringify(steps)
    .replaceAll('$api', api)
    .replaceAll('$operation', operation)
    .replaceAll('$provider', api)
    .replaceAll('$first-ref', first)
    .replaceAll('$second-ref', second)
    .replaceAll('$first', nameOf(first))
    .replaceAll('$second', nameOf(second));
  const named: Step[] = JSON.parse(text);
  return named.map(step =>
    step.do === 'ask' || step.do === 'of-grant'
      ? { ...step, operations: [...new Set(step.operations)] }
      : step,
  );
}

const OPERATION = fc.oneof(
  { weight: 3, arbitrary: fc.constant('$operation') },
  { weight: 1, arbitrary: fc.constantFrom(...Object.keys(OPERATIONS)) },
);
const NAMES_OF_OPERATIONS: fc.Arbitrary<string[]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.uniqueArray(OPERATION, { minLength: 1, maxLength: 2 }),
  },
  { weight: 1, arbitrary: fc.constant<string[]>(['port']) },
);

const ANNOTATIONS: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc
    .constantFrom(...NAMES)
    .map(name => ({ 'backstage.io/kubernetes-id': name })),
  fc
    .tuple(
      fc.oneof(
        fc.constantFrom('tier=api', 'tier!=db', '!batch', 'tier notin (db)'),
        fc
          .uniqueArray(fc.constantFrom(...NAMES), {
            minLength: 1,
            maxLength: 4,
          })
          .map(names => `app in (${names.join(', ')})`),
      ),
      fc.option(fc.constantFrom('ordering', 'storefront', 'legacy', 'lab'), {
        nil: undefined,
      }),
    )
    .map(([selector, namespace]) => ({
      'backstage.io/kubernetes-label-selector': selector,
      ...(namespace && { 'backstage.io/kubernetes-namespace': namespace }),
    })),
  fc
    .constantFrom(
      '192.0.2.5',
      '192.0.2.0/28',
      '128.0.0.0/1',
      '10.0.0.0/14',
      '192.0.2.5, 8.8.8.8',
    )
    .map(addresses => ({ 'callgate.dev/addresses': addresses })),
);

const ASK = fc.record({
  do: fc.constant('ask' as const),
  who: WHO,
  side: fc.constantFrom('caller' as const, 'api' as const),
  caller: CALLER,
  api: API,
  operations: NAMES_OF_OPERATIONS,
});

const OF_GRANT = fc.record({
  do: fc.constant('of-grant' as const),
  kind: fc.constantFrom('end' as const, 'end' as const, 'change' as const),
  who: WHO,
  side: fc.constantFrom('caller' as const, 'api' as const),
  grant: pick,
  whenLast: fc.constantFrom('keep-closed' as const, 'open' as const),
  operations: NAMES_OF_OPERATIONS,
});

/** What teams and repository writers change between the steps of others. */
const EDIT: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('bind' as const),
      component: COMPONENT,
      annotations: ANNOTATIONS,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('provide' as const),
      component: COMPONENT,
      apis: fc.subarray(APIS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('join-system' as const),
      component: COMPONENT,
      joins: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('define' as const),
      api: API,
      operation: OPERATION,
      as: fc.constantFrom(
        'there' as const,
        'gone' as const,
        'renamed' as const,
        'elsewhere' as const,
        'broken' as const,
        'sound' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('relabel' as const),
      workload: fc.nat({ max: 9 }),
      label: fc.constantFrom(
        'app' as const,
        'tier' as const,
        'account' as const,
        'owner' as const,
      ),
      value: fc.nat({ max: 9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('member' as const),
      person: fc.constantFrom(...PEOPLE),
      team: fc.constantFrom(...TEAMS),
      joins: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('declare-by-hand' as const),
      api: API,
      caller: CALLER,
      operation: OPERATION,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('manifests-by-hand' as const),
      file: pick,
      how: fc.constantFrom(
        'remove' as const,
        'open' as const,
        'drop-rule' as const,
      ),
    }),
  },
);

const APPROVE = fc.record({
  do: fc.constant('approve' as const),
  who: WHO,
  request: pick,
  looks: fc.boolean(),
});
const MERGE = fc.record({
  do: fc.constant('merge' as const),
  who: WHO,
  proposal: pick,
  looks: fc.boolean(),
});

const ACT: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: ASK },
  { weight: 2, arbitrary: OF_GRANT },
  { weight: 3, arbitrary: APPROVE },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('look' as const), request: pick }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reject' as const),
      who: WHO,
      request: pick,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('withdraw' as const),
      who: WHO,
      request: pick,
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'build' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('show' as const), proposal: pick }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('review' as const),
      who: WHO,
      proposal: pick,
      decision: fc.constantFrom(
        'approved' as const,
        'changes-requested' as const,
        'withdrawn' as const,
      ),
      looks: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: MERGE },
  { weight: 1, arbitrary: fc.constant({ do: 'read-all' } as const) },
);

const some = (steps: fc.Arbitrary<Step>, most: number) =>
  fc.array(steps, { maxLength: most });

/** A request on its whole way, with whatever comes in between. */
const WAY: fc.Arbitrary<Step[]> = fc
  .tuple(
    some(EDIT, 2),
    fc.record({
      do: fc.constant('ask' as const),
      who: HONEST,
      side: fc.oneof(
        { weight: 4, arbitrary: fc.constant('caller' as const) },
        { weight: 1, arbitrary: fc.constant('api' as const) },
      ),
      caller: CALLER,
      api: API,
      operations: NAMES_OF_OPERATIONS,
    }),
    some(EDIT, 2),
    // The second one is for APIs that take two.
    fc.array(
      fc.record({
        do: fc.constant('approve' as const),
        who: HONEST,
        request: fc.constant(0),
        looks: fc.boolean(),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    some(EDIT, 2),
    fc.constant<Step>({ do: 'build' }),
    some(fc.oneof(EDIT, ACT), 1),
    fc.record({
      do: fc.constant('merge' as const),
      who: HONEST,
      proposal: fc.constant(0),
      looks: fc.boolean(),
    }),
  )
  .map(([a, ask, b, approvals, c, build, d, merge]) => [
    ...a,
    ask,
    ...b,
    ...approvals,
    ...c,
    build,
    ...d,
    merge,
  ]);

/** A grant that is there is ended or changed, with what others do in between. */
const LAST_WAY: fc.Arbitrary<Step[]> = fc
  .tuple(
    some(EDIT, 1),
    fc.record({
      do: fc.constant('of-grant' as const),
      kind: fc.constantFrom('end' as const, 'end' as const, 'change' as const),
      who: HONEST,
      side: fc.constantFrom('caller' as const, 'api' as const),
      grant: pick,
      whenLast: fc.constantFrom('keep-closed' as const, 'open' as const),
      operations: NAMES_OF_OPERATIONS,
    }),
    some(fc.oneof(EDIT, OF_GRANT, ASK), 2),
    fc.array(
      fc.record({
        do: fc.constant('approve' as const),
        who: HONEST,
        request: fc.nat({ max: 1 }),
        looks: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    some(EDIT, 1),
    fc.record({
      do: fc.constant('merge' as const),
      who: HONEST,
      proposal: fc.constant(0),
      looks: fc.constant(true),
    }),
  )
  .map(([a, ask, b, approvals, c, merge]) => [
    ...a,
    ask,
    ...b,
    ...approvals,
    { do: 'build' },
    ...c,
    merge,
  ]);

/** A sequence of what everybody does. */
export const SEQUENCE: fc.Arbitrary<Step[]> = fc
  .tuple(
    CAST,
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: WAY },
        { weight: 2, arbitrary: LAST_WAY },
        {
          weight: 1,
          arbitrary: fc.array(fc.oneof(EDIT, ACT), {
            minLength: 1,
            maxLength: 4,
          }),
        },
      ),
      { minLength: 1, maxLength: 3, size: 'max' },
    ),
  )
  .map(([cast, parts]) => withCast(parts.flat(), cast));
