import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { SHOP, SHOP_INPUT } from './__fixtures__/shopFiles';

afterEach(removeFolders);

const RULES = `apiVersion: callgate.dev/v1alpha1
kind: Guardrails
spec:
  rules:
    - name: checkout-only-reads
      subject: edge
      message: Checkout may only read
      match: edge.caller.name == 'checkout'
      expression: size(edge.methods) > 0 && edge.methods.all(method, method == 'GET')
      examples:
        pass: [{ edge: { caller: { name: checkout }, methods: [GET] } }]
        fail: [{ edge: { caller: { name: checkout }, methods: [] } }]
    - name: orders-is-closed
      subject: workload
      message: Orders is closed to everybody at the kernel
      match: workload.name == 'orders'
      expression: workload.ingress.kernel == 'isolated'
      examples:
        pass: [{ workload: { name: orders, ingress: { kernel: isolated } } }]
        fail: [{ workload: { name: orders, ingress: { kernel: open } } }]
`;

const compile = ['compile', ...SHOP_INPUT, '--out', 'out', '-o', 'json'];

describe('hardening', () => {
  it('writes admission policies and the report beside the manifests, and compares them', async () => {
    const cwd = folderWith(SHOP);
    const argv = ['compile', ...SHOP_INPUT, '--out', '.', '--harden'];
    const first = await runCaptured([...argv, '-o', 'json'], { cwd });
    expect(first.code).toBe(0);
    const paths = (first.json().files as { path: string }[]).map(
      ({ path }) => path,
    );
    expect(paths).toEqual([
      'clusters/prod/shop/callgate-orders.yaml',
      'hardening/prod/admission.yaml',
      'hardening/prod/rbac.md',
    ]);
    expect(first.stderr).toContain('platform-team-not-stated');
    const again = await runCaptured([...argv, '--check'], { cwd });
    expect(again.code).toBe(0);
    const other = await runCaptured(
      ['compile', ...SHOP_INPUT, '--out', 'other', '--check', '--harden'],
      { cwd },
    );
    expect(other.code).toBe(1);
  });
});

describe('rules of the platform team', () => {
  it('hold a grant whose edges they refuse, and write nothing for it', async () => {
    const strict = RULES.replace(
      "method == 'GET'",
      "method == 'DELETE'",
    ).replace('methods: [GET]', 'methods: [DELETE]');
    const cwd = folderWith({ ...SHOP, 'rules.yaml': strict });
    const run = await runCaptured([...compile, '--rules', 'rules.yaml'], {
      cwd,
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      'rules.yaml:5:7: checkout-only-reads: Checkout may only read: component:default/checkout calls api:default/orders',
    );
    expect(run.json()).toMatchObject({
      files: [],
      failedApis: [],
      held: [{ api: 'api:default/orders', inForce: false }],
    });
  });

  it('change nothing where they hold', async () => {
    const cwd = folderWith({ ...SHOP, 'rules.yaml': RULES });
    const without = await runCaptured([...compile, '--check'], { cwd });
    const run = await runCaptured(
      [...compile, '--check', '--rules', 'rules.yaml'],
      { cwd },
    );
    expect(run.stdout).toBe(without.stdout);
    expect(run.json().failedApis).toEqual([]);
  });

  it('are asked by lint about what manifests mean', async () => {
    const cwd = folderWith({ ...SHOP, 'rules.yaml': RULES });
    const lint = ['lint', '--world', 'estate', '--rules', 'rules.yaml'];
    const open = await runCaptured([...lint, '-o', 'json'], { cwd });
    expect(open.code).toBe(1);
    expect(open.json().findings).toContainEqual(
      expect.objectContaining({
        code: 'guardrail-refused',
        objects: ['shop/Deployment/orders'],
      }),
    );
    // Compiled, the orders' network policy closes it.
    await runCaptured(['compile', ...SHOP_INPUT, '--out', '.'], { cwd });
    const closed = await runCaptured([...lint, 'clusters', '-o', 'json'], {
      cwd,
    });
    expect(closed.stdout).not.toContain('guardrail-refused');
  });

  it('stop with file, line and reason when they cannot be used', async () => {
    const cwd = folderWith({
      ...SHOP,
      'rules.yaml': RULES.replace('edge.methods.all', 'edge.method.all'),
    });
    for (const command of [
      [...compile, '--rules', 'rules.yaml'],
      ['lint', '--world', 'estate', '--rules', 'rules.yaml'],
    ]) {
      const run = await runCaptured(command, { cwd });
      expect(run.code).toBe(2);
      expect(run.stdout).toBe('');
      expect(run.stderr).toContain(
        'rules.yaml:9:7: spec.rules[0].expression does not compile at "method.all(',
      );
      expect(run.stderr).toContain('No such key: method');
    }
    const missing = await runCaptured(
      ['lint', '--world', 'estate', '--rules', 'none.yaml'],
      { cwd },
    );
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('none.yaml');
  });
});
