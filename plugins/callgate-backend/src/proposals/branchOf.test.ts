import { checkRepositoryPath } from '@callgate/plugin-callgate-node';
import { execFileSync } from 'node:child_process';
import { branchOf } from './branchOf';

describe('branchOf', () => {
  it('is readable for an ordinary API', () => {
    expect(branchOf('api:default/orders')).toBe('callgate/default/orders');
    expect(branchOf('api:shop/orders_v2.1')).toBe('callgate/shop/orders_v2.1');
  });

  it.each([
    'api:default/a..b',
    'api:default/a.lock',
    'api:default/a.',
    'api:default/.git',
    `api:default/${'x'.repeat(63)}`,
    'api:default/../../etc',
    'api:default/a b~c^d:e?f*g[h\\i',
    'not a ref at all',
  ])('is a branch that Git accepts for %s', api => {
    const branch = branchOf(api);
    expect(() =>
      execFileSync('git', ['check-ref-format', '--branch', branch]),
    ).not.toThrow();
    expect(() => checkRepositoryPath(branch)).not.toThrow();
    expect(branch.startsWith('callgate/')).toBe(true);
    expect(branch.split('/')).toHaveLength(3);
  });

  it('differs for different APIs, whatever is replaced in their names', () => {
    const apis = [
      'api:default/a.b',
      'api:default/a..b',
      'api:default/a-b',
      'api:default/a...b',
    ];
    expect(new Set(apis.map(branchOf)).size).toBe(apis.length);
  });
});
