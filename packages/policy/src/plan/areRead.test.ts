import { compile } from '../compile';
import { planYaml } from './__testUtils__/planYaml';
import {
  CATALOG,
  component,
  ESTATE,
  grant,
  namespace,
  policy,
  workload,
} from './__testUtils__/yaml';

const gap = (where: string) =>
  `{ apiVersion: callgate.dev/v1alpha1, kind: NotRead, metadata: { name: networkpolicies${where} }, spec: { leftOut: [{ reason: too-deep, count: 1, names: [x] }] } }`;

const billing = workload('billing', { namespace: 'money' });
const texts = {
  catalog: [...CATALOG, component('billing')],
  policies: [
    policy([
      grant(),
      grant(undefined, {
        id: 'g-billing',
        caller: 'component:default/billing',
      }),
    ]),
  ],
  estate: { prod: [...ESTATE, namespace('money'), billing] },
};
const withGap = (where: string) => ({
  ...texts,
  estate: { prod: [...texts.estate.prod, gap(where)] },
});
const errorsOf = (where: string) =>
  planYaml(withGap(where)).errors.map(({ code, objects }) => [code, objects]);

describe('a grant where objects were left out of what was read', () => {
  it('is an error for the caller whose namespace it is, and for no other caller of the same API', () => {
    const before = planYaml(texts);
    expect(before.errors).toEqual([]);
    expect(before.edges.map(({ grantId }) => grantId)).toEqual(
      expect.arrayContaining(['g-billing']),
    );
    const { errors, edges, input } = planYaml(withGap(', namespace: money'));
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'end-not-read',
        grantId: 'g-billing',
        message: expect.stringContaining('networkpolicies of money'),
      }),
    ]);
    expect(edges.length).toBeGreaterThan(0);
    expect(edges.some(({ grantId }) => grantId === 'g-billing')).toBe(false);
    const { held, failedApis } = compile({
      ...input,
      manifestsFolder: 'clusters',
    });
    expect(held.map(({ grantId }) => grantId)).toEqual(['g-billing']);
    expect(failedApis).toEqual([]);
  });

  it('is an error for every caller where it is the namespace of the provider, or none', () => {
    const both = [
      ['end-not-read', ['shop/Deployment/orders']],
      ['end-not-read', ['shop/Deployment/checkout']],
    ];
    expect(errorsOf(', namespace: shop')).toEqual(expect.arrayContaining(both));
    expect(errorsOf('')).toEqual(
      expect.arrayContaining([
        ...both,
        ['end-not-read', ['money/Deployment/billing']],
      ]),
    );
  });

  it('ends as ever: what is taken away needs nothing to be known', () => {
    const { errors, objects } = planYaml({
      ...withGap(', namespace: shop'),
      policies: [policy([])],
    });
    expect(errors).toEqual([]);
    expect(objects.length).toBeGreaterThan(0);
  });
});
