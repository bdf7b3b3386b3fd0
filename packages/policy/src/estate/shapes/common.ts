import { atMostOne, fields, list, map, number, text } from './shape';

export const name = text({ least: 1 });
export const anyPort = number({ least: 0, most: 4_294_967_295 });
export const names = list(text());
export const labelValue = text(
  { most: 63 },
  { is: value => !value.includes('*'), message: 'may not have wildcards' },
);

export const selector = fields({
  matchLabels: map(
    labelValue,
    { most: 4096 },
    {
      is: key => key !== '' && !key.includes('*'),
      message: 'must be a label without wildcards',
    },
  ),
});

const target = fields(
  {
    group: text({ most: 253 }),
    kind: text({ least: 1, most: 63 }),
    name: text({ least: 1, most: 253 }),
    namespace: text({ most: 0 }),
  },
  { required: ['kind', 'name'] },
);

/** Fields of every policy that selects pods or names its targets. */
export const ATTACHED = {
  selector,
  targetRef: target,
  targetRefs: list(target, { most: 16 }),
};
export const ATTACHED_ONCE = atMostOne('selector', 'targetRef', 'targetRefs');

export const isUnix = (address: unknown) =>
  typeof address === 'string' && address.startsWith('unix://');

const IN_MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  // Both letters that look so.
  '\u00b5s': 1e-3,
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const DURATION =
  /^\+?((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/;

/** As Go writes them; a fraction of a millisecond is refused. */
function isDuration(value: string): boolean {
  if (!DURATION.test(value)) return false;
  let total = 0;
  for (const [, amount, unit] of value.matchAll(
    /([\d.]+)([a-z\u00b5\u03bc]+)/g,
  ))
    total += Number(amount) * IN_MILLISECONDS[unit];
  return total >= 1;
}

export const duration = text(
  {},
  { is: isDuration, message: 'must be a duration of a millisecond or more' },
);
