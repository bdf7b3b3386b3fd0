import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { compile } from './compile';
import { apisOfGenerated, withoutGenerated } from './generatedObjects';
import { isHeldBack } from './isHeldBack';
import { keepFailed } from './keepFailed';

const ORDERS = policyText('orders', ['checkout: listOrders, getOrder']);
const ADMIN = policyText('orders-admin', ['cart: refund']);
const STOCK = policyText('stock', ['cart: listOrders']);
const FOLDER = 'clusters/prod/shop';

describe('compile', () => {
  it('takes no workload for its own, whatever label somebody gave it', () => {
    const cluster = shopCluster();
    const [first] = cluster.objects.filter(
      ({ object }) => object.kind === 'Deployment',
    );
    const labels = {
      ...first.object.metadata.labels,
      'app.kubernetes.io/managed-by': 'callgate',
    };
    const marked = {
      ...first,
      object: {
        ...first.object,
        metadata: { ...first.object.metadata, labels },
      },
    };
    const policy = {
      object: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'one', namespace: 'shop', labels },
      },
      at: { file: 'one.yaml' },
    };
    const objects = [...cluster.objects, marked, policy];
    const { objects: left } = withoutGenerated({ ...cluster, objects });
    expect(left).toContain(marked);
    expect(left).not.toContain(policy);
  });

  it('writes one file for each API and namespace', () => {
    const { files, failedApis } = compileShop([ORDERS, STOCK]);
    expect(files.map(({ path }) => path)).toEqual([
      `${FOLDER}/callgate-orders.yaml`,
      `${FOLDER}/callgate-stock.yaml`,
    ]);
    expect(failedApis).toEqual([]);
    expect(apisOfGenerated(files[0])).toEqual(['api:default/orders']);
  });

  it('emits nothing for an API with an error, and all others as before', () => {
    const broken = ORDERS.replace('shop-team', 'somebody-else');
    const { files, failedApis, findings } = compileShop([broken, STOCK]);
    expect(files).toEqual(compileShop([STOCK]).files);
    expect(failedApis).toMatchObject([
      { api: 'api:default/orders', reason: 'errors' },
    ]);
    expect(findings.map(({ code }) => code)).toContain('owner-mismatch');
  });

  it('does not emit the operations of a grant with an error that are right', () => {
    const broken = policyText('orders', ['checkout: listOrders, dropOrders']);
    const { plan, objects } = compileShop([broken]);
    expect(plan.edges).toEqual([]);
    expect(objects).toEqual([]);
  });

  it('holds back an API that shares a workload with a failed one', () => {
    const broken = ORDERS.replace('shop-team', 'somebody-else');
    const { files, failedApis } = compileShop([broken, ADMIN, STOCK]);
    expect(
      failedApis.map(({ api, reason, because }) => [api, reason, because]),
    ).toEqual([
      ['api:default/orders', 'errors', undefined],
      ['api:default/orders-admin', 'shares-workload', 'api:default/orders'],
    ]);
    expect(files.map(({ path }) => path)).toEqual([
      `${FOLDER}/callgate-stock.yaml`,
    ]);
  });

  it('holds back by the workload even when the declaration does not parse', () => {
    const unreadable = `${ORDERS}  broken: [1\n`;
    const misspelt = ORDERS.replace('  mode: enforce', '  mood: enforce');
    for (const text of [unreadable, misspelt]) {
      const { failedApis } = compileShop([text, ADMIN]);
      expect(failedApis.map(({ api }) => api)).toEqual([
        'api:default/orders',
        'api:default/orders-admin',
      ]);
    }
  });

  it('lets other APIs go on when nobody can say what a broken file is about', () => {
    const { failedApis, files, findings } = compileShop(['{{{', STOCK]);
    expect(failedApis).toEqual([]);
    expect(files).toHaveLength(1);
    expect(findings.map(({ code }) => code)).toContain('policy-syntax');
  });

  it('ignores what it generated before', () => {
    const first = compileShop([ORDERS]);
    const again = compileShop(
      [ORDERS],
      shopCluster(first.files.map(({ text }) => text).join('---\n')),
    );
    expect(again.files).toEqual(first.files);
    expect(again.plan.isolations[0].flips).toEqual({
      kernel: true,
      identity: true,
    });
  });

  it('confines a caller that cannot be closed to the APIs that it calls', () => {
    // Without a label nothing selects the pod, so that it cannot be closed.
    const bare = `apiVersion: v1
kind: Namespace
metadata: { name: other, labels: { callgate.dev/egress: enforce } }
---
apiVersion: v1
kind: Pod
metadata: { name: bare, namespace: other }
spec: { containers: [{ name: app }] }
`;
    const { failedApis, findings, files } = compileShop(
      [ORDERS, STOCK],
      shopCluster(bare),
    );
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([
      { code: 'kernel-overgrant', objects: ['other/Pod/bare'] },
    ]);
    expect(failedApis).toEqual([]);
    expect(files).toHaveLength(2);
    // What closes the namespace stays: without the pod it would open.
    const closing = {
      path: 'clusters/prod/other/callgate.yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: callgate.bare.pod.egress, namespace: other, labels: { app.kubernetes.io/managed-by: callgate } }
spec: { podSelector: { matchLabels: { app: bare } }, policyTypes: [Egress] }
`,
    };
    const compilation = { files, failedApis, findings, held: [] };
    expect(isHeldBack(closing, compilation)).toBe(true);
    expect(
      isHeldBack(
        { ...closing, path: 'clusters/prod/shop/callgate.yaml' },
        compilation,
      ),
    ).toBe(false);
  });

  it('holds the grants of a caller that cannot be closed, and nothing else', () => {
    // Two pods with one label set: closing `cart` would close the other as well,
    // which nobody asked for.
    const twin = `apiVersion: v1
kind: Pod
metadata: { name: twin, namespace: shop, labels: { app: cart, backstage.io/kubernetes-id: cart } }
spec: { containers: [{ name: app }] }
`;
    const catalog = shopCatalog().map(entity =>
      entity.metadata.name === 'cart'
        ? {
            ...entity,
            metadata: {
              ...entity.metadata,
              annotations: {
                ...entity.metadata.annotations,
                'callgate.dev/egress': 'enforce',
              },
            },
          }
        : entity,
    );
    const policies = [ORDERS, STOCK].map((text, index) => {
      const file = `policies/${index}.yaml`;
      return { policy: parseAccessPolicy({ path: file, text }).policy!, file };
    });
    const { failedApis, held } = compile({
      policies,
      catalog,
      clusters: [shopCluster(twin)],
    });
    expect(failedApis).toEqual([]);
    expect(held).toMatchObject([
      { api: 'api:default/stock', caller: 'component:default/cart' },
    ]);
  });

  it('puts files where it is told to', () => {
    const { policy } = parseAccessPolicy({ path: 'p.yaml', text: ORDERS });
    const { files } = compile({
      policies: [{ policy: policy!, file: 'p.yaml' }],
      catalog: shopCatalog(),
      clusters: [shopCluster()],
      manifestsFolder: 'deploy/policies',
    });
    expect(files[0].path).toBe(
      'deploy/policies/prod/shop/callgate-orders.yaml',
    );
  });
});

describe('keepFailed', () => {
  it('keeps the files of a failed API as they are and drops those of nobody', () => {
    const before = compileShop([ORDERS, ADMIN, STOCK]).files;
    const broken = ORDERS.replace('shop-team', 'somebody-else');
    const files = keepFailed(compileShop([broken, ADMIN]), before);
    expect(files).toEqual(
      before.filter(({ path }) => !path.endsWith('stock.yaml')),
    );
  });

  it('leaves a shared file whole where one of its APIs failed without a trace of its workload', () => {
    const before = compileShop([ORDERS, ADMIN]).files;
    expect(before.map(({ path }) => path)).toEqual([
      `${FOLDER}/callgate-orders.yaml`,
    ]);
    // Nobody provides the API any more: nothing says that it shares a workload.
    const [file] = compileShop([ORDERS]).files;
    const kept = keepFailed(
      {
        ...compileShop([ORDERS]),
        failedApis: [
          { api: 'api:default/orders-admin', reason: 'errors', findings: [] },
        ],
      },
      before,
    );
    expect(kept).toEqual(before);
    expect(kept[0].text).not.toBe(file.text);
  });

  it('leaves files alone that are not all ours', () => {
    const [file] = compileShop([ORDERS]).files;
    const mixed = {
      ...file,
      text: `${file.text}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: mine }\n`,
    };
    expect(apisOfGenerated(mixed)).toBeUndefined();
  });
});
