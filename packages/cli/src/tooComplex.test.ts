import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { ordersPolicy, SHOP, SHOP_INPUT } from './__fixtures__/shopFiles';

afterEach(removeFolders);

/**
 * `width` segments, one of them a literal, each path with its own end: an
 * automaton has a state for each set of literals that it may have seen. 2^24
 * are more than the budget of 100,000 states; 2^11 are not, but the pairs of
 * two such lists with different literals are.
 */
function crossed(width: number, word: string, other = '{*}'): string[] {
  return Array.from({ length: width }, (_, at) => {
    const segments = Array.from({ length: width }, (_each, i) =>
      i === at ? word : other.replace('n', `n${i}`),
    );
    return `/${segments.join('/')}/end-${at}`;
  });
}

const strict = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
`;

const byHand = (
  action: 'ALLOW' | 'DENY',
  paths: readonly string[],
) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: by-hand-${action.toLowerCase()}, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  action: ${action}
  rules: [{ to: [{ operation: { paths: ${JSON.stringify(paths)} } }] }]
`;

const profile = ['--profile', 'profile.yaml'];

/** The shop whose contract and only grant are these paths. */
function shopOf(paths: readonly string[]): Record<string, string> {
  const operations = paths.map(
    path =>
      `  ${path}:\n    get: { responses: { '200': { description: ok } } }\n`,
  );
  return {
    ...SHOP,
    'catalog/orders.openapi.yaml': `openapi: 3.1.0
info: { title: Orders, version: '1' }
paths:
${operations.join('')}`,
    'policies/orders.yaml': ordersPolicy(
      JSON.stringify([{ http: { methods: ['GET'], paths } }]),
    ),
  };
}

const compileIn = (cwd: string) =>
  runCaptured(['compile', ...SHOP_INPUT, '--out', '.'], { cwd });

const verifyIn = (cwd: string) =>
  runCaptured(
    ['verify', ...SHOP_INPUT, '--manifests', 'clusters', '-o', 'table'],
    { cwd },
  );

describe('callgate and more patterns than the budget', () => {
  it('verify does not take a grant of too many patterns for proved', async () => {
    const cwd = folderWith(shopOf(crossed(24, 'a', '{n}')));
    const compiled = await compileIn(cwd);
    expect(compiled.code).toBe(0);
    const { code, stderr } = await verifyIn(cwd);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error: prod: whether shop\/Deployment\/checkout can call shop\/Deployment\/orders as granted is not decided.*\[access-not-decided\]/,
    );
    expect(stderr).toMatch(
      /warning: prod: AuthorizationPolicy shop\/callgate-orders\.orders has more patterns .*\[too-complex\]/,
    );
  });

  it('verify names the policy by which granted access is not sure', async () => {
    const cwd = folderWith({
      ...SHOP,
      'estate/by-hand.yaml': byHand('DENY', crossed(24, 'a')),
    });
    await compileIn(cwd);
    const { code, stderr } = await verifyIn(cwd);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /warning: prod: AuthorizationPolicy shop\/by-hand-deny has more patterns .*shop\/Deployment\/checkout → shop\/Deployment\/orders.*\[too-complex\]/,
    );
    expect(stderr).toMatch(/only under a condition.*\[access-missing\]/);
  });

  it('diff says of which pairs the difference is not decided', async () => {
    const cwd = folderWith({
      'before/shop.yaml': SHOP['estate/shop.yaml'],
      'before/strict.yaml': strict,
      'before/by-hand.yaml': byHand('ALLOW', crossed(11, 'a')),
      'after/shop.yaml': SHOP['estate/shop.yaml'],
      'after/strict.yaml': strict,
      'after/by-hand.yaml': byHand('ALLOW', crossed(11, 'b')),
      'profile.yaml': SHOP['profile.yaml'],
    });
    const { code, stdout, stderr } = await runCaptured(
      [
        'diff',
        '--before',
        'before',
        '--after',
        'after',
        ...profile,
        '-o',
        'table',
      ],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\+ .*checkout .*orders/m);
    expect(stdout).toMatch(/^- .*checkout .*orders/m);
    expect(stderr).toMatch(
      /warning: .*more than can be compared.*shop\/Deployment\/checkout → shop\/Deployment\/orders.*\[too-complex\]/,
    );
  });

  it('lint does not call a rule shadowed where it cannot tell', async () => {
    const cwd = folderWith({
      ...SHOP,
      'estate/allow.yaml': byHand('ALLOW', crossed(11, 'a')),
      'estate/deny.yaml': byHand('DENY', crossed(11, 'b')),
    });
    const { code, stderr, stdout } = await runCaptured(
      ['lint', '--world', 'estate', ...profile],
      { cwd },
    );
    expect(stderr).toBe('');
    expect(stdout).not.toContain('shadowed-rule');
    expect(code).toBe(0);
  });
});
