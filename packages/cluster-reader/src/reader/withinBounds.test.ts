import { asJson } from '../json';
import { leftOutFor, MOST_OF_NOTE } from './leaveOut';
import { withinBounds, type Draft } from './withinBounds';

const KIB = 1024;
const FILE = MOST_OF_NOTE + 100 * KIB;

/** An object with a text of so many bytes. */
const line = (name: string, bytes: number) => ({
  name,
  text: JSON.stringify(name.padEnd(bytes - 2, 'x')),
});

const draft = (namespace: string, ...lines: Draft['lines']): Draft => ({
  kinds: 'services',
  namespace,
  lines,
});

const fit = (drafts: readonly Draft[], total = 10 * FILE) =>
  withinBounds(drafts, { file: FILE, total });
/** Names of what is left out, by namespace. */
const leftOut = (fitted: ReturnType<typeof fit>) =>
  fitted.map(({ namespace, leftOut: all }) => [
    namespace,
    all.map(({ reason, names }) => [reason, ...names]),
  ]);

it('leaves the largest objects out of a file, so that the others fit with the note of them', () => {
  const small = ['a', 'b', 'c'].map(name => line(name, 20 * KIB));
  const [fitted, other] = fit([
    draft('shop', ...small, line('huge', 2 * FILE), line('large', 60 * KIB)),
    draft('zoo', line('a', 20 * KIB)),
  ]);
  expect(leftOut([fitted, other])).toEqual([
    ['shop', [['too-large', 'huge', 'large']]],
    ['zoo', []],
  ]);
  expect(fitted.texts.slice(1)).toEqual(small.map(({ text }) => text));
  expect(JSON.parse(fitted.texts[0])).toEqual({
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'NotRead',
    metadata: { name: 'services', namespace: 'shop' },
    spec: {
      leftOut: [{ count: 2, names: ['huge', 'large'], reason: 'too-large' }],
    },
  });
  expect(fitted.bytes).toBeLessThanOrEqual(FILE);
});

it('counts bytes and not characters, and keeps what fits to the byte', () => {
  // "ü" has two bytes; around the objects there are no more than 100.
  const units = (FILE - 100 - 2) / 2 - 2;
  const whole = { name: 'a', text: JSON.stringify('ü'.repeat(units)) };
  const [kept] = fit([draft('shop', whole)]);
  expect([leftOut([kept]), kept.bytes <= FILE]).toEqual([[['shop', []]], true]);
  const more = { name: 'a', text: JSON.stringify('ü'.repeat(units + 3)) };
  expect(leftOut(fit([draft('shop', more)]))).toEqual([
    ['shop', [['too-large', 'a']]],
  ]);
});

it('leaves out what is nested too deep, beside what is too large', () => {
  const [fitted] = fit([
    draft('shop', { name: 'deep' }, line('huge', FILE), line('a', KIB)),
  ]);
  expect(leftOut([fitted])).toEqual([
    [
      'shop',
      [
        ['too-deep', 'deep'],
        ['too-large', 'huge'],
      ],
    ],
  ]);
  expect(fitted.texts[1]).toBe(line('a', KIB).text);
});

describe('of a cluster that is too large as a whole', () => {
  const many = (namespace: string) =>
    ['services', 'pods', 'jobs'].map((kinds, index) => ({
      ...draft(namespace, line('a', (60 + index) * KIB)),
      kinds,
    }));

  it('leaves out the largest files of the namespace that has most, and nothing of others', () => {
    const fitted = fit(
      [
        draft('', line('platform', 90 * KIB)),
        ...many('filler'),
        draft('shop', line('a', 70 * KIB)),
        draft('zoo', line('a', 70 * KIB)),
      ],
      300 * KIB,
    );
    expect(leftOut(fitted)).toEqual([
      ['', []],
      ['filler', []],
      ['filler', [['too-large', 'a']]],
      ['filler', [['too-large', 'a']]],
      ['shop', []],
      ['zoo', []],
    ]);
    const total = fitted.reduce((all, { bytes }) => all + bytes, 0);
    expect(total).toBeLessThanOrEqual(300 * KIB);
  });

  it('leaves out what is outside of namespaces last, which is about everybody', () => {
    const drafts = [
      draft('', line('platform', 90 * KIB)),
      draft('a', line('a', 20 * KIB)),
      draft('b', line('a', 20 * KIB)),
    ];
    expect(leftOut(fit(drafts, 100 * KIB))).toEqual([
      ['', []],
      ['a', [['too-large', 'a']]],
      ['b', [['too-large', 'a']]],
    ]);
    expect(leftOut(fit(drafts, 50 * KIB))[0]).toEqual([
      '',
      [['too-large', 'platform']],
    ]);
  });
});

it('names a hundred at most, and counts all of them', () => {
  const lines = Array.from({ length: 300 }, (_, index) => ({
    name: `${String(index).padStart(3, '0')}${'x'.repeat(300)}`,
  }));
  const [{ texts }] = fit([draft('shop', ...lines)]);
  const [{ count, names }] = asJson(JSON.parse(texts[0]).spec)
    .leftOut as ReturnType<typeof leftOutFor>[];
  expect([count, names.length, names[0].length]).toEqual([300, 100, 253]);
  expect(Buffer.byteLength(texts[0])).toBeLessThan(MOST_OF_NOTE);
});
