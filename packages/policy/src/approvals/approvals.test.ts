import {
  compileShop,
  shopCatalog,
  shopCluster,
  policyText,
} from '../__fixtures__/shop';
import { parseApprovals, requiredApprovals } from '.';

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
      'auto, which is not supported',
      'needs:',
      'auto: true\n      needs:',
      'auto is not supported yet',
    ],
    [
      'a role that there is not',
      'role: api-owner',
      'role: security',
      'neither a role',
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

  it('refuse escalate, which is not supported, instead of ignoring it', () => {
    const { text, path } = file(PCI);
    const { rules, findings } = parseApprovals({
      path,
      text: `${text}  escalate: { after: 5d }\n`,
    });
    expect(rules).toBeUndefined();
    expect(findings[0].message).toContain('escalate is not supported yet');
  });
});
