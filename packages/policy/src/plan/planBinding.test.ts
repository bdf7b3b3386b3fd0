import { planYaml } from './__testUtils__/planYaml';
import {
  CATALOG,
  component,
  ESTATE,
  policy,
  service,
  workload,
} from './__testUtils__/yaml';

const base = {
  catalog: CATALOG,
  policies: [policy()],
  estate: { prod: ESTATE },
};

describe('plan: binding', () => {
  it('an entity without binding is an error that says which annotation to set', () => {
    const { errors } = planYaml({
      ...base,
      catalog: [...CATALOG.slice(0, 2), component('checkout', {}, {})],
    });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'binding-missing',
        fix: expect.stringContaining('backstage.io/kubernetes-id'),
      }),
    ]);
  });

  it('an entity whose workload is not in the estate is an error', () => {
    const { errors } = planYaml({
      ...base,
      estate: { prod: ESTATE.slice(0, 2) },
    });
    expect(errors.map(({ code }) => code)).toEqual(['binding-no-workload']);
  });

  it('a label selector that cannot be read is an error and never matches everything', () => {
    const catalog = [
      ...CATALOG.slice(0, 2),
      component(
        'checkout',
        {},
        { 'backstage.io/kubernetes-label-selector': '' },
      ),
    ];
    expect(
      planYaml({ ...base, catalog }).errors.map(({ code }) => code),
    ).toEqual(['binding-invalid']);
  });

  it('binds by label selector, namespace and cluster', () => {
    const catalog = [
      ...CATALOG.slice(0, 2),
      component(
        'checkout',
        {},
        {
          'backstage.io/kubernetes-label-selector':
            'app in (checkout, other),!old',
          'backstage.io/kubernetes-namespace': 'front',
        },
      ),
    ];
    const { edges } = planYaml({
      ...base,
      catalog,
      estate: {
        prod: [...ESTATE, workload('checkout', { namespace: 'front' })],
      },
    });
    expect(edges.map(({ from }) => from.id)).toEqual([
      'front/Deployment/checkout',
    ]);
  });

  it('all workloads of a caller get its access, and that is said', () => {
    const canary = workload('checkout-canary', {
      labels: {
        app: 'checkout',
        track: 'canary',
        'backstage.io/kubernetes-id': 'checkout',
      },
    });
    const { edges, codes } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, canary] },
    });
    expect(edges).toHaveLength(2);
    expect(codes).toContain('several-workloads');
  });

  it('two workloads of a provider that do not serve the same port are an error', () => {
    const worker = workload('worker', {
      labels: { app: 'worker', 'backstage.io/kubernetes-id': 'orders' },
    });
    const { errors } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, worker] },
    });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'binding-ambiguous',
        objects: ['shop/Deployment/orders', 'shop/Deployment/worker'],
      }),
    ]);
  });

  it('blue and green are both opened, though the Service leads to one', () => {
    const labels = (colour: string) => ({
      app: 'orders',
      colour,
      'backstage.io/kubernetes-id': 'orders',
    });
    const ports = [{ containerPort: 8080 }];
    const { edges, errors } = planYaml({
      ...base,
      estate: {
        prod: [
          workload('orders-blue', { labels: labels('blue'), ports }),
          workload('orders-green', { labels: labels('green'), ports }),
          service('orders', undefined, {
            selector: { app: 'orders', colour: 'blue' },
          }),
          workload('checkout'),
        ],
      },
    });
    expect(errors).toEqual([]);
    expect(
      edges.map(({ to }) => (to.kind === 'workload' ? to.selector : to.id)),
    ).toEqual([
      { app: 'orders', colour: 'blue' },
      { app: 'orders', colour: 'green' },
    ]);
  });
});
