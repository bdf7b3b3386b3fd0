import type { Opened } from '../emit/opened';
import { intersection, largest } from './openedSets';

const get = (path: string): Opened => ({
  protocol: 'TCP',
  port: 8080,
  method: 'GET',
  path,
});
const many = (count: number, path: (each: number) => string) =>
  Array.from({ length: count }, (_, each) => get(path(each)));

describe('what two lists open', () => {
  it('is the narrower of two paths, methods and ports', () => {
    const port = { protocol: 'TCP', port: 8080 };
    expect(intersection([get('/a/{**}')], [get('/a/{*}')])).toEqual([
      get('/a/{*}'),
    ]);
    expect(intersection([get('/a/{*}')], [get('/a/b')])).toEqual([get('/a/b')]);
    expect(intersection([get('/a')], [port])).toEqual([get('/a')]);
    expect(
      intersection([{ ...port, method: 'GET' }], [{ ...port, path: '/a' }]),
    ).toEqual([get('/a')]);
  });

  it.each([
    ['/a/{*}', '/a/'],
    ['/a/{*}', '/a/b/c'],
    ['/a/{**}', '/a'],
    ['/a/*', '/a/b'],
    ['/{*}/b', '/a/{*}'],
  ])('is nothing of %s and %s', (one, other) => {
    expect(intersection([get(one)], [get(other)])).toEqual([]);
    expect(intersection([get(other)], [get(one)])).toEqual([]);
  });

  it('is no more than the lists are, however a definition crosses its paths, and known soon', () => {
    const before = many(400, each => `/{*}/x${each}`);
    const now = many(400, each => `/y${each}/{*}`);
    expect(intersection(before, now)).toEqual([]);
    expect(intersection(before, [...now, ...before])).toHaveLength(400);
    expect(largest([...before, ...now])).toHaveLength(800);
  }, 3_000);
});
