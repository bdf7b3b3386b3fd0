import { createWorld } from '../evaluate';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { reach } from '../reach';
import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import {
  checkEffectiveAccess,
  checkPlannedEdges,
  CompiledGuardrail,
  GuardrailStage,
  parseGuardrails,
} from '.';

const rules = (...texts: string[]) => ({
  path: 'guardrails.yaml',
  text: `apiVersion: callgate.dev/v1alpha1
kind: Guardrails
spec:
  rules:
${texts.join('')}`,
});

const DEV_TO_PROD = `
    - name: no-dev-to-prod
      subject: edge
      message: Development must not call production
      match: "'tier' in edge.caller.labels && 'tier' in edge.provider.labels"
      expression: "!(edge.caller.labels.tier == 'dev' && edge.provider.labels.tier == 'prod')"
      examples:
        pass:
          - edge: { caller: { labels: { tier: dev } }, provider: { labels: { tier: dev } } }
          - edge: { caller: { labels: {} } }
        fail:
          - edge: { caller: { labels: { tier: dev } }, provider: { labels: { tier: prod } } }
`;

const TWO_APPROVERS = `
    - name: pci-needs-two-approvers
      subject: edge
      message: Payment data needs two approvers
      match: "stage != 'draft' && 'pci' in edge.api.tags"
      expression: size(edge.grant.approvedBy) >= 2
      examples:
        pass:
          - edge: { api: { tags: [pci] }, grant: { approvedBy: ['user:default/a', 'user:default/b'] } }
          - { edge: { api: { tags: [pci] } }, stage: draft }
        fail:
          - edge: { api: { tags: [pci] }, grant: { approvedBy: ['user:default/a'] } }
`;

const CLOSED = `
    - name: nothing-open-to-all
      subject: workload
      message: Everything in the shop is closed at the kernel
      match: workload.namespace == 'shop'
      expression: workload.ingress.kernel == 'isolated'
      examples:
        pass: [{ workload: { namespace: shop, ingress: { kernel: isolated } } }]
        fail: [{ workload: { namespace: shop, ingress: { kernel: open } } }]
`;

const NO_INTERNET = `
    - name: no-internet
      subject: access
      message: Nothing answers addresses outside
      severity: warning
      expression: "!access.from.outside"
      examples:
        pass: [{ access: { from: { outside: false } } }]
        fail: [{ access: { from: { outside: true, cidrs: [0.0.0.0/0] } } }]
`;

function compiled(...texts: string[]): readonly CompiledGuardrail[] {
  const { guardrails, findings } = parseGuardrails(rules(...texts));
  expect(findings).toEqual([]);
  return guardrails ?? [];
}

function planned(
  guardrails: readonly CompiledGuardrail[],
  stage: GuardrailStage,
  more: { labels?: Record<string, string>; tags?: string[] } = {},
) {
  const text = policyText('orders', ['checkout: listOrders, getOrder']).replace(
    '      operations:',
    '      approvedBy: [user:default/omar]\n      operations:',
  );
  const { policy } = parseAccessPolicy({ path: 'p.yaml', text });
  const catalog = shopCatalog().map(entity => ({
    ...entity,
    metadata: {
      ...entity.metadata,
      labels: {
        tier: entity.metadata.name === 'checkout' ? 'dev' : 'prod',
        ...more.labels,
      },
      tags: more.tags ?? [],
    },
  }));
  const { plan } = compileShop([text]);
  // Both operations are on one port: one edge.
  expect(plan.edges).toHaveLength(1);
  return checkPlannedEdges(guardrails, stage, {
    plan,
    policies: policy ? [{ policy }] : [],
    catalog,
    clusters: [shopCluster()],
  });
}

describe('guardrails over planned edges', () => {
  it('refuse what a rule forbids, naming the rule, the grant and both workloads', () => {
    expect(planned(compiled(DEV_TO_PROD), 'proposal')).toEqual([
      expect.objectContaining({
        code: 'guardrail-refused',
        severity: 'error',
        message:
          'no-dev-to-prod: Development must not call production: component:default/checkout calls api:default/orders (grant checkout-orders)',
        objects: ['shop/Deployment/checkout', 'shop/Deployment/orders'],
        api: 'api:default/orders',
        grantId: 'checkout-orders',
        at: expect.objectContaining({ file: 'guardrails.yaml', line: 6 }),
      }),
    ]);
  });

  it('let pass what the rule allows', () => {
    expect(
      planned(compiled(DEV_TO_PROD), 'proposal', { labels: { tier: 'prod' } }),
    ).toEqual([]);
  });

  it('know how many people approved, and that nobody has approved a draft', () => {
    const guardrails = compiled(TWO_APPROVERS);
    expect(planned(guardrails, 'draft', { tags: ['pci'] })).toEqual([]);
    expect(
      planned(guardrails, 'proposal', { tags: ['pci'] }).map(
        ({ code }) => code,
      ),
    ).toEqual(['guardrail-refused']);
    expect(planned(guardrails, 'proposal')).toEqual([]);
  });

  it('refuse where a rule cannot be decided', () => {
    const guardrails = compiled(`
    - name: tier
      subject: edge
      message: m
      expression: edge.caller.labels.zone == 'a'
      examples:
        pass: [{ edge: { caller: { labels: { zone: a } } } }]
        fail: [{ edge: { caller: { labels: { zone: b } } } }]
`);
    const [refused] = planned(guardrails, 'repository');
    expect(refused.code).toBe('guardrail-refused');
    expect(refused.message).toContain(
      'cannot be decided here: No such key: zone',
    );
  });
});

describe('guardrails over effective access', () => {
  const check = (guardrails: readonly CompiledGuardrail[], more = '') => {
    const world = createWorld([shopCluster(more)]);
    return checkEffectiveAccess(guardrails, 'repository', world, reach(world));
  };

  it('find every workload whose door is open to everybody', () => {
    const closed = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: shop }
spec: { podSelector: { matchLabels: { app: orders } }, policyTypes: [Ingress] }
`;
    // Of the four workloads of the shop, the policy closes one.
    expect(
      check(compiled(CLOSED), closed).map(({ objects }) => objects),
    ).toEqual(
      ['cart', 'checkout', 'stock'].map(name => [`shop/Deployment/${name}`]),
    );
  });

  it('say once for each pair what a rule advises against', () => {
    const found = check(compiled(NO_INTERNET));
    const about = found.map(({ message }) => message);
    expect(about.length).toBe(new Set(about).size);
    // Outside is everything but 10.0/16, 10.1/16 and 10.2/16: below 10.0.0.0 two blocks, from 10.3.0.0 to 10.255.255.255
    // seven (/16, /14, /13, /12, /11, /10, /9), above 11.0.0.0 six (/8, /6, /4, /3, /2, /1), and IPv6.
    expect(about).toContain(
      'no-internet: Nothing answers addresses outside: addresses outside (0.0.0.0/5 and 15 more blocks) may call shop/Deployment/orders',
    );
    expect(new Set(found.map(({ severity }) => severity))).toEqual(
      new Set(['warning']),
    );
  });
});

describe('a file of guardrails that is wrong', () => {
  const problems = (...texts: string[]) => {
    const { guardrails, findings } = parseGuardrails(rules(...texts));
    expect(guardrails).toBeUndefined();
    return findings.map(({ message, at }) => `${at?.line}: ${message}`);
  };
  const rule = (expression: string, more = '') => `
    - name: r
      subject: edge
      message: m
      expression: ${JSON.stringify(expression)}${more}
      examples: { pass: [{ edge: { port: 80 } }], fail: [{ edge: { port: 81 } }] }
`;

  it('says where an expression stops making sense', () => {
    expect(problems(rule('edge.port =='))).toEqual([
      '9: spec.rules[0].expression does not compile at "" (character 13): Unexpected token: EOF',
    ]);
  });

  it('knows the fields and their types', () => {
    expect(problems(rule('edge.prot == 80'))).toEqual([
      '9: spec.rules[0].expression does not compile at "prot == 80" (character 6): No such key: prot',
    ]);
    expect(problems(rule("edge.port == '80'"))[0]).toContain(
      'no such overload: int == string',
    );
    expect(problems(rule('edge.port'))[0]).toContain(
      'gives int, not true or false',
    );
  });

  it('refuses regular expressions, which may take forever', () => {
    expect(
      problems(rule("edge.port == 80 && edge.caller.ref.matches('(a+)+$')"))[0],
    ).toContain('uses matches()');
  });

  it('refuses a rule whose own examples come out otherwise', () => {
    expect(problems(rule('edge.port == 81'))).toEqual([
      '10: spec.rules[0].examples.pass[0] should pass, and the rule r refuses it',
      '10: spec.rules[0].examples.fail[0] should fail, and the rule r lets it pass',
    ]);
  });

  it('refuses a rule without examples, a rule twice, unknown fields', () => {
    expect(
      problems(
        '    - { name: r, subject: edge, message: m, expression: "true" }\n',
      )[0],
    ).toContain('spec.rules[0].examples');
    expect(problems(rule('edge.port == 80'), rule('edge.port == 80'))).toEqual([
      expect.stringContaining('spec.rules[1].name repeats the name r'),
    ]);
    expect(problems(rule('edge.port == 80', '\n      sevrity: error'))).toEqual(
      [expect.stringContaining('sevrity')],
    );
  });

  it('refuses an example that has what the subject has not', () => {
    expect(
      problems(
        rule('edge.port == 80').replace(
          '{ port: 80 }',
          '{ prot: 80, port: a }',
        ),
      ),
    ).toEqual([
      '10: spec.rules[0].examples.pass[0].edge.prot is not a field of this subject',
      '10: spec.rules[0].examples.pass[0].edge.port is not a whole number',
    ]);
  });

  it('is bounded: aliases that multiply, and expressions without end', () => {
    const bomb = `a: &a [x, x]\nb: &b [*a, *a]\n${'c: [*b, *b, *b]\n'.repeat(
      1,
    )}`;
    expect(
      parseGuardrails({ path: 'g.yaml', text: bomb }).guardrails,
    ).toBeUndefined();
    expect(
      problems(rule(`${'('.repeat(500)}true${')'.repeat(500)}`))[0],
    ).toMatch(/does not compile/);
    expect(problems(rule(`true${' && true'.repeat(3000)}`))[0]).toMatch(
      /at most 10000|does not compile/,
    );
  });

  it('says where YAML is broken', () => {
    const { findings } = parseGuardrails({
      path: 'g.yaml',
      text: 'kind: [Guardrails\n',
    });
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'guardrail-invalid',
        at: expect.objectContaining({ file: 'g.yaml', line: 2 }),
      }),
    ]);
  });
});
