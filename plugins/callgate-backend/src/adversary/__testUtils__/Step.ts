import fc from 'fast-check';
import { RULE_SETS } from './ApprovalRules';
import { APIS, Company, OPERATIONS, PEOPLE, TEAMS } from './Company';

/** Who does something: somebody with the right to it, as far as there is one, or just anybody. */
export interface Who {
  as: 'right' | 'other-right' | 'former' | 'anybody' | 'program';
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
      /** Until so many days later; without: no last day. */
      days?: number;
      /** It cannot wait. */
      glass?: boolean;
    }
  | {
      do: 'of-grant';
      kind: 'end' | 'change' | 'renew';
      who: Who;
      side: 'caller' | 'api';
      grant: number;
      whenLast: 'keep-closed' | 'open';
      operations: string[];
      days?: number;
      urgent?: boolean;
    }
  | { do: 'ask-change'; who: Who; request: number }
  | {
      do: 'revise';
      who: Who;
      request: number;
      /** Instead of what was asked; none: what was asked. */
      operations: string[];
      days?: number;
      reason: string;
    }
  | { do: 'comment'; who: Who; request: number; mentions: boolean }
  | {
      do: 'decide-together';
      people: Who[];
      decisions: {
        request: number;
        decision: 'approve' | 'reject';
        digest: 'shown' | 'of-another' | 'none';
      }[];
      again: boolean;
    }
  | { do: 'days'; days: number; twice: boolean }
  | { do: 'rules'; file: number }
  | { do: 'hours'; hours: number; twice: boolean }
  | { do: 'configure'; notice: number; hours: number }
  | {
      do: 'look-again';
      who: Who;
      side: 'caller' | 'api';
      grant: number;
      decision: 'keep' | 'end';
      /** Of what is shown now, or was before. */
      looks: boolean;
      twice: boolean;
    }
  | { do: 'follow-catalog'; hours: number; gap: number; twice: boolean }
  | { do: 'unregister'; component: string; as: 'gone' | 'renamed' }
  | { do: 'register'; component: string }
  | { do: 'hand-over'; ref: string; team: (typeof TEAMS)[number] }
  | { do: 'take-back'; who: Who; side: 'caller' | 'api'; proposal: number }
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

export const pick = fc.nat({ max: 5 });

export const WHO: fc.Arbitrary<Who> = fc.record({
  as: fc.oneof(
    { weight: 5, arbitrary: fc.constant('right' as const) },
    { weight: 1, arbitrary: fc.constant('other-right' as const) },
    { weight: 1, arbitrary: fc.constant('former' as const) },
    { weight: 2, arbitrary: fc.constant('anybody' as const) },
    { weight: 1, arbitrary: fc.constant('program' as const) },
  ),
  pick: fc.nat({ max: 12 }),
});
/** Mostly: somebody who had the right and left may try as well. */
export const HONEST: fc.Arbitrary<Who> = fc.record({
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
export const CAST = fc.record({
  api: fc.constantFrom(...APIS),
  operation: fc.constantFrom(...Object.keys(OPERATIONS)),
  first: fc.constantFrom(...CALLERS),
  second: fc.constantFrom(...CALLERS),
});
export const CALLER = fc.oneof(
  { weight: 3, arbitrary: fc.constant('$first-ref') },
  { weight: 2, arbitrary: fc.constant('$second-ref') },
  { weight: 1, arbitrary: fc.constantFrom(...CALLERS) },
);
const COMPONENT = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('$first', '$second', '$provider') },
  { weight: 2, arbitrary: fc.constantFrom('views', 'spy') },
  { weight: 1, arbitrary: fc.constantFrom(...MOVABLE) },
);
export const API = fc.oneof(
  { weight: 4, arbitrary: fc.constant('$api') },
  { weight: 1, arbitrary: fc.constantFrom(...APIS) },
);

/** Puts the cast of a sequence in the place of its names. */
export function withCast(
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
    step.do === 'ask' || step.do === 'of-grant' || step.do === 'revise'
      ? { ...step, operations: [...new Set(step.operations)] }
      : step,
  );
}

export const OPERATION = fc.oneof(
  { weight: 3, arbitrary: fc.constant('$operation') },
  { weight: 1, arbitrary: fc.constantFrom(...Object.keys(OPERATIONS)) },
);
export const NAMES_OF_OPERATIONS: fc.Arbitrary<string[]> = fc.oneof(
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

export const DAYS = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.nat({ max: 12 }) },
);

/** What cannot wait. */
export const GLASS = fc.record({
  do: fc.constant('ask' as const),
  who: WHO,
  side: fc.oneof(
    { weight: 5, arbitrary: fc.constant('caller' as const) },
    { weight: 1, arbitrary: fc.constant('api' as const) },
  ),
  caller: CALLER,
  api: API,
  operations: NAMES_OF_OPERATIONS,
  glass: fc.constant(true),
});
export const HOURS = fc.record({
  do: fc.constant('hours' as const),
  hours: fc.constantFrom(1, 3, 20, 47, 49, 73),
  twice: fc.boolean(),
});
export const CONFIGURE = fc.record({
  do: fc.constant('configure' as const),
  notice: fc.constantFrom(0, 2, 5),
  hours: fc.constantFrom(1, 48, 72),
});
export const LOOK_AGAIN = fc.record({
  do: fc.constant('look-again' as const),
  who: WHO,
  side: fc.oneof(
    { weight: 4, arbitrary: fc.constant('api' as const) },
    { weight: 1, arbitrary: fc.constant('caller' as const) },
  ),
  grant: pick,
  decision: fc.constantFrom('keep' as const, 'keep' as const, 'end' as const),
  looks: fc.boolean(),
  twice: fc.boolean(),
});
export const FOLLOW_CATALOG = fc.record({
  do: fc.constant('follow-catalog' as const),
  hours: fc.constantFrom(1, 2, 3),
  gap: fc.constantFrom(1, 1, 30),
  twice: fc.boolean(),
});
export const UNREGISTER = fc.record({
  do: fc.constant('unregister' as const),
  component: COMPONENT,
  as: fc.constantFrom('gone' as const, 'gone' as const, 'renamed' as const),
});
export const REGISTER = fc.record({
  do: fc.constant('register' as const),
  component: COMPONENT,
});
export const HAND_OVER = fc.record({
  do: fc.constant('hand-over' as const),
  ref: fc.oneof(
    API.map(name => `api:default/${name}`),
    COMPONENT.map(name => `component:default/${name}`),
  ),
  team: fc.constantFrom('orders' as const, 'web' as const, 'evil' as const),
});

export const ASK = fc.record({
  do: fc.constant('ask' as const),
  who: WHO,
  side: fc.constantFrom('caller' as const, 'api' as const),
  caller: CALLER,
  api: API,
  operations: NAMES_OF_OPERATIONS,
  days: DAYS,
});

export const KIND = fc.constantFrom(
  'end' as const,
  'end' as const,
  'change' as const,
  'renew' as const,
);

export const OF_GRANT = fc.record({
  do: fc.constant('of-grant' as const),
  kind: KIND,
  who: WHO,
  side: fc.constantFrom('caller' as const, 'api' as const),
  grant: pick,
  whenLast: fc.constantFrom('keep-closed' as const, 'open' as const),
  operations: NAMES_OF_OPERATIONS,
  days: DAYS,
  urgent: fc.boolean(),
});

export const REVISE = fc.record({
  do: fc.constant('revise' as const),
  who: WHO,
  request: pick,
  operations: fc.oneof(fc.constant<string[]>([]), NAMES_OF_OPERATIONS),
  days: DAYS,
  reason: fc.constantFrom('Another reason', 'One more'),
});
export const ASK_CHANGE = fc.record({
  do: fc.constant('ask-change' as const),
  who: WHO,
  request: pick,
});
export const TOGETHER = fc.record({
  do: fc.constant('decide-together' as const),
  people: fc.array(WHO, { minLength: 2, maxLength: 2 }),
  decisions: fc.array(
    fc.record({
      request: pick,
      decision: fc.constantFrom(
        'approve' as const,
        'approve' as const,
        'reject' as const,
      ),
      digest: fc.constantFrom(
        'shown' as const,
        'shown' as const,
        'of-another' as const,
        'none' as const,
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  again: fc.boolean(),
});
export const PASS = fc.record({
  do: fc.constant('days' as const),
  days: fc.nat({ max: 15 }),
  twice: fc.boolean(),
});
export const RULES = fc.record({
  do: fc.constant('rules' as const),
  file: fc.nat({ max: RULE_SETS.length - 1 }),
});
export const TAKE_BACK = fc.record({
  do: fc.constant('take-back' as const),
  who: WHO,
  side: fc.constantFrom('caller' as const, 'api' as const),
  proposal: fc.nat({ max: 2 }),
});

/** What teams and repository writers change between the steps of others. */
export const EDIT: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: RULES },
  { weight: 2, arbitrary: UNREGISTER },
  { weight: 2, arbitrary: REGISTER },
  { weight: 2, arbitrary: HAND_OVER },
  { weight: 1, arbitrary: CONFIGURE },
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

export const APPROVE = fc.record({
  do: fc.constant('approve' as const),
  who: WHO,
  request: pick,
  looks: fc.boolean(),
});
export const MERGE = fc.record({
  do: fc.constant('merge' as const),
  who: WHO,
  proposal: pick,
  looks: fc.boolean(),
});

export const ACT: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: ASK },
  { weight: 2, arbitrary: GLASS },
  { weight: 1, arbitrary: HOURS },
  { weight: 2, arbitrary: LOOK_AGAIN },
  { weight: 1, arbitrary: FOLLOW_CATALOG },
  { weight: 2, arbitrary: OF_GRANT },
  { weight: 3, arbitrary: REVISE },
  { weight: 2, arbitrary: ASK_CHANGE },
  { weight: 3, arbitrary: TOGETHER },
  { weight: 2, arbitrary: PASS },
  { weight: 2, arbitrary: TAKE_BACK },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('comment' as const),
      who: WHO,
      request: pick,
      mentions: fc.boolean(),
    }),
  },
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
