import fc from 'fast-check';
import {
  ACT,
  API,
  APPROVE,
  ASK,
  ASK_CHANGE,
  CALLER,
  CAST,
  DAYS,
  EDIT,
  FOLLOW_CATALOG,
  GLASS,
  HONEST,
  HOURS,
  KIND,
  LOOK_AGAIN,
  MERGE,
  NAMES_OF_OPERATIONS,
  OF_GRANT,
  OPERATION,
  PASS,
  REGISTER,
  REVISE,
  RULES,
  UNREGISTER,
  TAKE_BACK,
  TOGETHER,
  pick,
  type Step,
  type Who,
  withCast,
} from './Step';

const some = (steps: fc.Arbitrary<Step>, most: number) =>
  fc.array(steps, { maxLength: most });

/** What is said and changed before a request is decided. */
const TALK: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step[]>([]) },
  {
    weight: 1,
    arbitrary: fc.tuple(APPROVE, REVISE).map(([a, b]): Step[] => [
      { ...a, request: 0, who: { ...a.who, as: 'right' } },
      { ...b, request: 0, who: { ...b.who, as: 'right' } },
    ]),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(ASK_CHANGE, REVISE).map(([a, b]): Step[] => [
      { ...a, request: 0, who: { ...a.who, as: 'right' } },
      { ...b, request: 0 },
    ]),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(ASK, TOGETHER)
      .map(([a, b]): Step[] => [
        { ...a, who: { ...a.who, as: 'right' }, side: 'caller' },
        b,
      ]),
  },
);

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
      days: DAYS,
    }),
    some(EDIT, 2),
    TALK,
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
  .map(([a, ask, b, talk, approvals, c, build, d, merge]) => [
    ...a,
    ask,
    ...b,
    ...talk,
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
      kind: KIND,
      who: HONEST,
      side: fc.constantFrom('caller' as const, 'api' as const),
      grant: pick,
      whenLast: fc.constantFrom('keep-closed' as const, 'open' as const),
      operations: NAMES_OF_OPERATIONS,
      days: DAYS,
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

/** A grant whose last day comes, or that is taken back. */
const AFTERWARDS: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.oneof(PASS, PASS, TAKE_BACK),
    some(fc.oneof(EDIT, OF_GRANT, PASS), 2),
    some(APPROVE, 1),
    MERGE,
  )
  .map(([a, b, c, merge]) => [a, ...b, ...c, { do: 'build' }, merge]);

const honest = (pick_ = 0): Who => ({ as: 'right', pick: pick_ });
const askOf = (
  caller: string,
  operations: string[],
  more: { api?: string; days?: number } = {},
): Step => ({
  do: 'ask',
  who: honest(),
  side: 'caller',
  caller,
  api: '$api',
  operations,
  ...more,
});
const approvals = (count: number): Step[] =>
  Array.from({ length: count }, (_, at) => ({
    do: 'approve' as const,
    who: honest(at),
    request: 0,
    looks: true,
  }));
const MERGED: Step[] = [
  { do: 'build' },
  { do: 'merge', who: honest(), proposal: 0, looks: true },
];
const READING = fc.constantFrom('listThings', 'getThing');

/** A second grant under rules that approve, which somebody changes at some moment. */
const BY_RULE: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.constantFrom(1, 2, 3),
    READING,
    OPERATION,
    some(fc.oneof(EDIT, RULES), 1),
    some(fc.oneof(EDIT, RULES), 1),
    some(fc.oneof(REVISE, EDIT, RULES), 1),
    fc.option(fc.nat({ max: 9 }), { nil: undefined }),
  )
  .map(([file, reads, other, a, b, c, days]) => [
    ...a,
    askOf('$first-ref', [reads]),
    ...approvals(2),
    ...MERGED,
    { do: 'rules', file },
    ...b,
    askOf('$second-ref', days === 0 ? [other] : [reads], { days }),
    ...c,
    ...MERGED,
  ]);

/** What takes two is changed when one has approved it, sometimes in nothing but its reason. */
const HALF_WAY: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.constantFrom(undefined, 'port'),
    REVISE,
    some(fc.oneof(ASK_CHANGE, EDIT), 1),
    some(APPROVE, 1),
  )
  .map(([other, revise, a, b]) => [
    askOf('$first-ref', ['listThings'], { api: 'billing' }),
    ...approvals(1),
    ...a,
    {
      ...revise,
      who: honest(),
      request: 0,
      operations: other ? [other] : [],
      days: undefined,
    },
    { do: 'approve', who: honest(1), request: 0, looks: true },
    ...b,
    ...MERGED,
  ]);

/** Two requests of one team, which two of those who decide decide at the same moment, with what was shown or with something else. */
const TOGETHER_WAY: fc.Arbitrary<Step[]> = fc
  .tuple(READING, TOGETHER, some(EDIT, 1), some(APPROVE, 1))
  .map(([operation, together, edits, after]) => [
    askOf('$first-ref', [operation]),
    askOf('$first-ref', ['createThing']),
    ...edits,
    {
      ...together,
      people: together.people.map(({ pick: at }) => honest(at)),
      decisions: together.decisions.map((each, index) => ({
        ...each,
        request: index % 2,
      })),
    },
    ...after,
    ...MERGED,
  ]);

/** A grant with a last day, which is renewed, ends, or is taken back. */
const DATED: fc.Arbitrary<Step[]> = fc
  .tuple(
    OPERATION,
    fc.integer({ min: 2, max: 8 }),
    some(fc.oneof(EDIT, PASS), 1),
    fc.array(fc.oneof(OF_GRANT, PASS, TAKE_BACK, APPROVE, REVISE), {
      minLength: 1,
      maxLength: 4,
    }),
    PASS,
  )
  .map(([operation, days, a, b, pass]) => [
    askOf('$first-ref', [operation], { days }),
    ...approvals(2),
    ...MERGED,
    ...a,
    ...b.map(step =>
      step.do === 'of-grant' && step.kind !== 'end'
        ? { ...step, kind: 'renew' as const, days: (step.days ?? 3) + 9 }
        : step,
    ),
    ...approvals(2),
    ...MERGED,
    pass,
    ...MERGED,
  ]);

/** An API that somebody else's grant has closed: else what cannot wait would close it, and is refused. */
const CLOSED: Step[] = [
  askOf('$second-ref', ['listThings']),
  ...approvals(2),
  ...MERGED,
];

const askGlass: Step = {
  do: 'ask',
  who: honest(),
  side: 'caller',
  caller: '$first-ref',
  api: '$api',
  operations: [],
  glass: true,
};

/** What cannot wait, and what follows: decided or not, changed, ended, over, and asked again. */
const GLASS_WAY: fc.Arbitrary<Step[]> = fc
  .tuple(
    OPERATION,
    some(fc.oneof(EDIT, GLASS), 1),
    fc.constantFrom(true, true, false),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: APPROVE },
        {
          weight: 3,
          arbitrary: fc.record({
            do: fc.constant('reject' as const),
            who: HONEST,
            request: fc.constantFrom(0, 0, 1),
          }),
        },
        { weight: 3, arbitrary: OF_GRANT },
        { weight: 3, arbitrary: GLASS },
        { weight: 2, arbitrary: HOURS },
        { weight: 2, arbitrary: EDIT },
        {
          weight: 1,
          arbitrary: fc.record({
            do: fc.constant('withdraw' as const),
            who: HONEST,
            request: fc.constantFrom(0, 1),
          }),
        },
      ),
      { minLength: 1, maxLength: 4 },
    ),
    HOURS,
    some(fc.oneof(GLASS, HOURS, APPROVE), 2),
  )
  .map(([operation, a, merged, b, hours, c]) => [
    ...CLOSED,
    ...a,
    { ...askGlass, operations: [operation] },
    ...(merged ? MERGED : [{ do: 'build' } as const]),
    ...b,
    hours,
    ...MERGED,
    ...c,
    ...MERGED,
  ]);

/** Grants that somebody looks at again, with what is changed between looking and deciding. */
const LOOK_AGAIN_WAY: fc.Arbitrary<Step[]> = fc
  .tuple(
    OPERATION,
    LOOK_AGAIN,
    some(fc.oneof(EDIT, OF_GRANT), 1),
    LOOK_AGAIN,
    some(fc.oneof(EDIT, PASS, LOOK_AGAIN), 2),
  )
  .map(([operation, first, a, second, b]) => [
    askOf('$first-ref', [operation]),
    ...approvals(2),
    ...MERGED,
    { do: 'days', days: 7, twice: first.twice },
    { ...first, who: honest(first.grant), side: 'api', grant: 0 },
    ...a,
    ...MERGED,
    { do: 'days', days: 7, twice: false },
    second,
    ...b,
    ...MERGED,
  ]);

/** A caller that goes, is back, or has another name; with notice of ends, or without. */
const GONE_WAY: fc.Arbitrary<Step[]> = fc
  .tuple(
    OPERATION,
    UNREGISTER,
    fc.array(fc.oneof(FOLLOW_CATALOG, FOLLOW_CATALOG, REGISTER, EDIT), {
      minLength: 1,
      maxLength: 3,
    }),
    some(fc.oneof(APPROVE, OF_GRANT, ACT), 2),
    some(fc.oneof(REGISTER, FOLLOW_CATALOG), 2),
  )
  .map(([operation, gone, a, b, c]) => [
    askOf('$first-ref', [operation]),
    ...approvals(2),
    ...MERGED,
    { do: 'follow-catalog', hours: 1, gap: 1, twice: false },
    { ...gone, component: '$first' },
    { do: 'follow-catalog', hours: 2, gap: 1, twice: false },
    ...a,
    { do: 'follow-catalog', hours: 2, gap: 1, twice: true },
    ...b,
    ...MERGED,
    ...c,
    ...MERGED,
  ]);

/** An end that waits for its notice. */
const NOTICE_WAY: fc.Arbitrary<Step[]> = fc
  .tuple(
    OPERATION,
    fc.constantFrom(2, 5),
    OF_GRANT,
    fc.array(fc.oneof(OF_GRANT, HOURS, PASS, EDIT, ACT), {
      minLength: 1,
      maxLength: 3,
    }),
    PASS,
  )
  .map(([operation, notice, end, a, pass]) => [
    askOf('$first-ref', [operation]),
    ...approvals(2),
    ...MERGED,
    { do: 'configure', notice, hours: 48 },
    { ...end, kind: 'end', who: honest() },
    ...a,
    ...MERGED,
    pass,
    ...MERGED,
  ]);

/** What a program asks for its team, and whoever of the team would decide or merge it. */
const PROGRAM_WAY: fc.Arbitrary<Step[]> = fc
  .tuple(
    OPERATION,
    fc.constantFrom('caller' as const, 'api' as const),
    fc.boolean(),
    some(fc.oneof(APPROVE, TOGETHER, REVISE, ASK_CHANGE), 2),
    fc.array(OF_GRANT, { maxLength: 1 }),
  )
  .map(([operation, side, glass, a, b]) => [
    {
      ...askGlass,
      who: { as: 'program', pick: 0 },
      side,
      operations: [operation],
      glass,
    },
    ...a,
    ...approvals(2),
    ...MERGED,
    ...b.map((each): Step => ({ ...each, who: { as: 'program', pick: 0 } })),
    ...approvals(1),
    ...MERGED,
  ]);

/** A sequence of what everybody does. */
export const SEQUENCE: fc.Arbitrary<Step[]> = fc
  .tuple(
    CAST,
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: WAY },
        { weight: 2, arbitrary: LAST_WAY },
        { weight: 2, arbitrary: AFTERWARDS },
        { weight: 2, arbitrary: BY_RULE },
        { weight: 1, arbitrary: HALF_WAY },
        { weight: 2, arbitrary: TOGETHER_WAY },
        { weight: 2, arbitrary: DATED },
        { weight: 7, arbitrary: GLASS_WAY },
        { weight: 2, arbitrary: LOOK_AGAIN_WAY },
        { weight: 2, arbitrary: GONE_WAY },
        { weight: 2, arbitrary: NOTICE_WAY },
        { weight: 2, arbitrary: PROGRAM_WAY },
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
