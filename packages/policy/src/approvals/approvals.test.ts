import {
  compileShop,
  shopCatalog,
  shopCluster,
  policyText,
} from '../__fixtures__/shop';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import {
  type AskedAccess,
  formatRuleRef,
  parseRuleRef,
  judgeApprovals,
  parseApprovals,
  readApprovalRules,
  type CompiledApprovalRule,
} from '.';

const file = (...rules: string[]) => ({
  path: 'approvals.yaml',
  text: `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
${rules.join('')}`,
});

const PCI = `
    - name: pci
      when: "'pci' in api.tags && request.writes"
      needs: [{ role: api-owner }, { group: security, count: 2 }]
      examples:
        hold: [{ api: { tags: [pci] }, request: { writes: true } }]
        not: [{ api: { tags: [pci] } }, { request: { writes: true } }]
`;
const ZONE = `
    - name: zone
      when: api.labels.zone == 'red'
      needs: [{ role: platform }]
      examples:
        hold: [{ api: { labels: { zone: red } } }]
        not: [{ api: { labels: { zone: green } } }]
`;

const compiled = (...texts: string[]) => {
  const { rules, findings } = parseApprovals(file(...texts));
  expect(findings).toEqual([]);
  return rules ?? [];
};

const requiredApprovals = (
  rules: readonly CompiledApprovalRule[],
  request: AskedAccess,
) => judgeApprovals(rules, request).needs;

const asked = (operations: string, tags: string[]) => {
  const { plan } = compileShop([
    policyText('orders', [`checkout: ${operations}`]),
  ]);
  expect(plan.edges.length).toBeGreaterThan(0);
  return {
    api: 'api:default/orders',
    caller: 'component:default/checkout',
    edges: plan.edges,
    acknowledges: [],
    catalog: shopCatalog().map(entity => ({
      ...entity,
      metadata: { ...entity.metadata, tags, labels: { zone: 'green' } },
    })),
    clusters: [shopCluster()],
  };
};

describe('rules of who approves', () => {
  it('ask for their needs where they hold, with the name of the rule', () => {
    expect(
      requiredApprovals(compiled(PCI), asked('createOrder', ['pci'])),
    ).toEqual([
      {
        rule: 'pci',
        needs: [
          { role: 'api-owner', count: 1 },
          { group: 'group:default/security', count: 2 },
        ],
      },
    ]);
  });

  it('ask for nothing where they do not hold', () => {
    const rules = compiled(PCI, ZONE);
    expect(requiredApprovals(rules, asked('createOrder', []))).toEqual([]);
    expect(requiredApprovals(rules, asked('listOrders', ['pci']))).toEqual([]);
  });

  it('ask where they cannot be decided: what is not known not to need somebody needs them', () => {
    const { catalog, ...rest } = asked('listOrders', []);
    const unlabelled = catalog.map(({ metadata, ...entity }) => ({
      ...entity,
      metadata: { ...metadata, labels: {} },
    }));
    expect(
      requiredApprovals(compiled(ZONE), { ...rest, catalog: unlabelled }),
    ).toEqual([{ rule: 'zone', needs: [{ role: 'platform', count: 1 }] }]);
  });

  it('take a request whose edges are not known for one that writes', () => {
    const unknown = { ...asked('listOrders', ['pci']), edges: [] };
    expect(requiredApprovals(compiled(PCI), unknown)).toHaveLength(1);
  });

  const broken = (from: string, to: string) => {
    const text = PCI.replace(from, to);
    expect(text).not.toBe(PCI);
    return parseApprovals(file(text));
  };

  it.each([
    [
      'auto beside needs',
      'needs:',
      'auto: true\n      needs:',
      'contradicts needs',
    ],
    [
      'auto that is false',
      'needs:',
      'auto: false\n      needs:',
      'is not true',
    ],
    [
      'a role that there is not',
      'role: api-owner',
      'role: boss',
      'neither a role',
    ],
    [
      'an interval of reviews in another unit',
      'needs:',
      'reviewEvery: 12h\n      needs:',
      'reviewEvery.* is not a number of days: write it such as 180d',
    ],
    [
      'an interval of reviews that is a number',
      'needs:',
      'reviewEvery: 180\n      needs:',
      'reviewEvery.* is not a time: write days such as 180d',
    ],
    [
      'an interval of reviews of more than ten years',
      'needs:',
      'reviewEvery: 3651d\n      needs:',
      'is more than 3650 days',
    ],
    [
      'a last day before today',
      'needs:',
      'maxDays: 0\n      needs:',
      'less than 1 day',
    ],
    [
      'a default beyond the limit',
      'needs:',
      'maxDays: 10\n      defaultDays: 20\n      needs:',
      'more than maxDays',
    ],
    [
      'nothing that it asks for',
      'needs: [{ role: api-owner }, { group: security, count: 2 }]',
      '',
      'asks for nothing',
    ],
    [
      'a group that is none',
      'group: security',
      'group: user:default/sam',
      'neither a role|is not a group',
    ],
    ['a count of nobody', 'count: 2', 'count: 0', 'less than 1|neither a role'],
    [
      'an expression that does not compile',
      'api.tags',
      'api.tagz',
      'does not compile at',
    ],
    [
      'an example that comes out otherwise',
      'hold: [{ api: { tags: [pci] }, ',
      'hold: [{ ',
      'should hold',
    ],
    [
      'no examples',
      'not: [{ api: { tags: [pci] } }, { request: { writes: true } }]',
      'not: []',
      'at least one',
    ],
  ])('are refused as a whole with %s', (_, from, to, message) => {
    const { rules, findings } = broken(from, to);
    expect(rules).toBeUndefined();
    expect(findings[0]).toMatchObject({
      code: 'approvals-invalid',
      severity: 'error',
      message: expect.stringMatching(message),
      at: expect.objectContaining({ file: 'approvals.yaml' }),
    });
    expect(findings[0].at?.line).toBeGreaterThan(4);
  });

  const escalated = (text: string) => {
    const { text: before, path } = file(PCI);
    return parseApprovals({ path, text: `${before}  escalate: ${text}\n` });
  };

  it('say when those who decide are reminded, and who hears of it after that', () => {
    expect(
      escalated('{ remind: 2d, after: 5d, to: group:default/architecture }')
        .escalate,
    ).toEqual({
      remindHours: 48,
      afterHours: 120,
      to: 'group:default/architecture',
    });
    expect(escalated('{ remind: 36h }').escalate).toEqual({ remindHours: 36 });
  });

  it.each([
    ['{ remind: soon }', 'is not a time'],
    ['{ remind: 0d }', 'is not a time'],
    ['{ after: 5d }', 'to is missing'],
    ['{ to: architecture }', 'after is missing'],
    ['{ remind: 5d, after: 120h, to: architecture }', 'is not before after'],
    ['{ remind: 5d, to: user:default/sam, after: 6d }', 'is not a group'],
    ['{}', 'is empty'],
  ])('refuse %s to escalate', (text, message) => {
    const { rules, findings } = escalated(text);
    expect(rules).toBeUndefined();
    expect(findings.map(each => each.message).join('\n')).toContain(message);
  });
});

describe('what else a rule may know', () => {
  const KINDS = `
    - name: long-renewals
      when: request.kind == 'renew' && (request.days == 0 || request.days > 30)
      needs: [{ role: security }]
      examples:
        hold: [{ request: { kind: renew, days: 31 } }, { request: { kind: renew } }]
        not: [{ request: { kind: renew, days: 30 } }, { request: { kind: new, days: 31 } }]
`;

  it.each([
    ['new', 90, 0],
    ['renew', 30, 0],
    ['renew', 31, 1],
    ['renew', undefined, 1],
  ] as const)('%s for %s days', (kind, days, count) => {
    expect(
      requiredApprovals(compiled(KINDS), {
        ...asked('listOrders', []),
        kind,
        ...(days !== undefined && { days }),
      }),
    ).toHaveLength(count);
  });
});

describe('rules that say how long access lasts', () => {
  const days = (name: string, tag: string, terms: string) => `
    - name: ${name}
      when: "'${tag}' in api.tags"
      ${terms}
      examples:
        hold: [{ api: { tags: [${tag}] } }]
        not: [{}]
`;
  const rules = compiled(
    days('pci', 'pci', 'maxDays: 90'),
    days('beta', 'beta', 'maxDays: 30'),
    days('trial', 'beta', 'defaultDays: 7'),
  );

  it('the strictest of those that hold counts, and says its name', () => {
    expect(
      judgeApprovals(rules, asked('listOrders', ['pci', 'beta'])),
    ).toMatchObject({
      needs: [],
      maxDays: { days: 30, rule: 'beta' },
      defaultDays: { days: 7, rule: 'trial' },
    });
    const pci = judgeApprovals(rules, asked('listOrders', ['pci']));
    expect(pci).toEqual({
      needs: [],
      auto: [],
      maxDays: { days: 90, rule: 'pci' },
    });
  });

  it('one that cannot be decided holds', () => {
    const odd = days('odd', 'x', 'maxDays: 5')
      .replace(`"'x' in api.tags"`, "api.labels.zone == 'red'")
      .replace('tags: [x]', 'labels: { zone: red }')
      .replace('not: [{}]', 'not: [{ api: { labels: { zone: green } } }]');
    const { catalog, ...rest } = asked('listOrders', []);
    expect(
      judgeApprovals(compiled(odd), {
        ...rest,
        catalog: catalog.map(({ metadata, ...entity }) => ({
          ...entity,
          metadata: { ...metadata, labels: {} },
        })),
      }).maxDays,
    ).toEqual({ days: 5, rule: 'odd' });
  });
});

describe('rules by which nobody has to approve', () => {
  const auto = (
    when: string,
    hold: string,
    not = '[{ request: { writes: true } }]',
  ) => `
    - name: reads
      when: ${JSON.stringify(when)}
      auto: true
      examples:
        hold: ${hold}
        not: ${not}
`;
  const READS = auto('!request.writes', '[{}]');

  it('hold for what they are about, and for nothing else', () => {
    const rules = compiled(READS);
    const ofReads = judgeApprovals(rules, asked('listOrders', []));
    expect(ofReads.auto).toMatchObject([
      { rule: { name: 'reads', auto: true }, unconfirmed: [] },
    ]);
    expect(ofReads.needs).toEqual([]);
    expect(judgeApprovals(rules, asked('createOrder', [])).auto).toEqual([]);
  });

  it('do not hold where they cannot be decided', () => {
    const rules = compiled(
      auto(
        "api.labels.zone == 'green'",
        '[{ api: { labels: { zone: green } } }]',
        '[{ api: { labels: { zone: red } } }]',
      ),
    );
    const { catalog, ...rest } = asked('listOrders', []);
    expect(judgeApprovals(rules, { ...rest, catalog }).auto).toHaveLength(1);
    const unlabelled = catalog.map(({ metadata, ...entity }) => ({
      ...entity,
      metadata: { ...metadata, labels: {} },
    }));
    expect(
      judgeApprovals(rules, { ...rest, catalog: unlabelled }).auto,
    ).toEqual([]);
  });

  it.each([
    ["'trusted' in caller.tags", 'caller.tags'],
    [
      "caller.labels[?'a'].orValue('') == 'b' || caller.type == 'x'",
      'caller.labels, caller.type',
    ],
    ["caller['tags'].exists(t, t == 'trusted')", 'caller as a whole'],
    ["caller.annotations.exists(key, key == 'x')", 'caller.annotations'],
    [
      "[caller].exists(one, one.lifecycle == 'production')",
      'caller as a whole',
    ],
    ["caller.title == 'Checkout' && !request.writes", 'caller.title'],
  ])('may not read what the caller says of itself: %s', (when, read) => {
    const { rules, findings } = parseApprovals(file(auto(when, '[{}]')));
    expect(rules).toBeUndefined();
    expect(findings[0].message).toContain(
      `reads ${read}, which the caller's own team writes`,
    );
  });

  it('others may read it: they only ask for more', () => {
    const needs = auto(
      "'untrusted' in caller.tags",
      '[{ caller: { tags: [untrusted] } }]',
      '[{}]',
    ).replace('auto: true', 'needs: [{ role: security }]');
    expect(compiled(needs)).toHaveLength(1);
  });

  describe('that read the system of the caller', () => {
    const SAME = compiled(
      auto(
        'caller.system == api.system',
        '[{}]',
        '[{ caller: { system: a }, api: { system: b } }]',
      ),
    );
    const unconfirmed = (
      caller: { owner?: string; system?: string; namespace?: string },
      systemOwner?: string,
    ) => {
      const { api, edges, clusters } = asked('listOrders', []);
      const entity = (
        kind: string,
        name: string,
        spec: Record<string, unknown>,
        namespace = 'default',
      ) => ({
        apiVersion: 'backstage.io/v1alpha1',
        kind,
        metadata: { name, namespace },
        spec,
      });
      const {
        owner = 'orders-team',
        system = 'ordering',
        namespace = 'default',
      } = caller;
      const [judged] = judgeApprovals(SAME, {
        api,
        caller: `component:${namespace}/nightjar`,
        edges,
        acknowledges: [],
        clusters,
        catalog: [
          entity('API', 'orders', {
            type: 'openapi',
            owner: 'orders-team',
            system: 'ordering',
            lifecycle: 'production',
            definition: '{}',
          }),
          entity(
            'Component',
            'nightjar',
            { type: 'service', owner, system, lifecycle: 'production' },
            namespace,
          ),
          ...(systemOwner !== undefined
            ? [entity('System', 'ordering', { owner: systemOwner })]
            : []),
          entity(
            'System',
            'ordering',
            { owner: `group:default/${owner}` },
            'elsewhere',
          ),
        ],
      }).auto;
      return judged?.unconfirmed;
    };

    it('count where whoever owns the caller owns the system', () => {
      expect(unconfirmed({}, 'orders-team')).toEqual([]);
    });

    it.each([
      [
        'names a system of another team',
        { owner: 'nightjar-team' },
        'orders-team',
      ],
      ['names a system that nobody has registered', {}, undefined],
      [
        'has a system of the same name in a namespace of its own',
        { namespace: 'elsewhere', owner: 'group:default/nightjar-team' },
        'orders-team',
      ],
    ])('do not where the caller %s', (_, caller, systemOwner) => {
      expect(unconfirmed(caller, systemOwner)).toEqual(['caller-system']);
    });
  });
});

describe('rules in a configuration', () => {
  const RULE = {
    name: 'pci',
    when: "'pci' in api.tags",
    needs: [{ group: 'security', count: 2 }],
    examples: { hold: [{ api: { tags: ['pci'] } }], not: [{}] },
  };

  it('are those of a file', () => {
    const { rules, problems } = readApprovalRules([RULE], 'somewhere');
    expect(problems).toEqual([]);
    expect(rules).toMatchObject([
      {
        rule: {
          name: 'pci',
          source: 'configuration',
          at: { file: 'somewhere' },
        },
      },
    ]);
    expect(
      requiredApprovals(rules ?? [], asked('listOrders', ['pci'])),
    ).toHaveLength(1);
  });

  it.each([
    [[RULE, RULE], '[1].name', 'repeats the name'],
    [[{ ...RULE, when: 'api.tagz' }], '[0].when', 'does not compile'],
    [
      [{ ...RULE, needs: [{ role: 'security', count: 0 }] }],
      '[0].needs[0]',
      'less than 1|neither a role',
    ],
    [
      [{ ...RULE, examples: { hold: [{}], not: [{}] } }],
      '[0].examples.hold[0]',
      'should hold',
    ],
    ['all', '', 'array'],
  ])(
    'say the field of what is wrong with them: %#',
    (value, field, message) => {
      const { rules, problems } = readApprovalRules(value, 'somewhere');
      expect(rules).toBeUndefined();
      expect(problems).toEqual([
        {
          field: expect.stringContaining(field),
          problem: expect.stringMatching(message),
        },
      ]);
    },
  );
});

describe('a rule among approvers', () => {
  const commit = 'a'.repeat(40);

  it('is written with its version, and read back', () => {
    const parts = { rule: 'same-system-reads', version: commit };
    expect(formatRuleRef(parts)).toBe(`rule:same-system-reads@${commit}`);
    expect(parseRuleRef(formatRuleRef(parts))).toEqual(parts);
    expect(parseRuleRef('rule:reads@config-0123456789ab')?.version).toBe(
      'config-0123456789ab',
    );
    for (const other of [
      'user:default/reads',
      'rule:default/reads',
      'rule:reads@main',
    ])
      expect(parseRuleRef(other)).toBeUndefined();
  });

  it('stands in a declaration as no person', () => {
    const { policy, findings } = parseAccessPolicy({
      path: 'orders.yaml',
      text: policyText('orders', ['checkout: listOrders']).replace(
        /( +)caller: .*/,
        `$&\n$1approvedBy: ['rule:reads@${commit}']`,
      ),
    });
    expect(findings).toEqual([]);
    expect(policy?.spec.grants[0].approvedBy).toEqual([`rule:reads@${commit}`]);
  });
});
