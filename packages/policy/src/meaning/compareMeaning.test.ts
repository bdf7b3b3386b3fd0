import { compareMeaning } from './compareMeaning';
import { digestOf } from './digest';
import type { DigestContent, DigestEdge } from './types';

const EDGE: DigestEdge = {
  cluster: 'prod',
  caller: 'component:default/checkout',
  from: 'shop/Deployment/checkout',
  to: 'shop/Deployment/orders',
  protocol: 'TCP',
  port: 8080,
  requests: ['GET /orders', 'GET /orders/{*}'],
  layers: { kernel: 'enforced', identity: 'enforced', method: 'enforced' },
};

const CONTENT: DigestContent = {
  schemaVersion: 1,
  api: 'api:default/orders',
  scope: ['prod'],
  edges: [EDGE],
  removed: [],
  gaps: [],
  plumbing: [],
  flips: [
    {
      cluster: 'prod',
      workload: 'shop/Deployment/orders',
      direction: 'ingress',
      layer: 'kernel',
      cut: ['shop/Deployment/cart'],
    },
  ],
  profiles: ['prod: sha256:1'],
};

const meaningOf = (changes: Partial<DigestContent> = {}) => {
  const content = { ...CONTENT, ...changes };
  return { content, digest: digestOf(content) };
};

const compare = (changes: Partial<DigestContent>) =>
  compareMeaning(meaningOf(), meaningOf(changes));

describe('compareMeaning', () => {
  it('finds nothing when nothing changed', () => {
    expect(compare({})).toEqual({
      result: 'same',
      differences: [],
      reasons: [],
    });
  });

  it('asks again when a request is opened that was not shown', () => {
    const { result, reasons } = compare({
      edges: [{ ...EDGE, requests: [...EDGE.requests, 'POST /orders'] }],
    });
    expect(result).toBe('wider');
    expect(reasons.join()).toContain('POST /orders');
  });

  it('asks again when a new workload gets the access', () => {
    const { result } = compare({
      edges: [EDGE, { ...EDGE, from: 'shop/Deployment/checkout-canary' }],
    });
    expect(result).toBe('wider');
  });

  it('asks again when a layer is lost', () => {
    const { result, reasons } = compare({
      edges: [
        { ...EDGE, layers: { ...EDGE.layers, method: 'acknowledged-gap' } },
      ],
    });
    expect(result).toBe('wider');
    expect(reasons[0]).toContain('a layer is lost');
  });

  it('asks again when a caller is cut that was not shown', () => {
    const [flip] = CONTENT.flips;
    const { result, reasons } = compare({
      flips: [{ ...flip, cut: [...flip.cut, 'shop/Deployment/stock'] }],
    });
    expect(result).toBe('wider');
    expect(reasons[0]).toContain('shop/Deployment/stock');
  });

  it('asks again when a workload flips that was closed when it was shown', () => {
    const [flip] = CONTENT.flips;
    expect(
      compare({ flips: [flip, { ...flip, layer: 'identity', cut: [] }] })
        .result,
    ).toBe('wider');
  });

  it('asks again when it holds in more clusters', () => {
    expect(compare({ scope: ['prod', 'staging'] }).result).toBe('wider');
    expect(compare({ scope: [] }).result).toBe('wider');
  });

  it('asks again when more is taken away, plumbing is opened or a gap accepted', () => {
    expect(compare({ removed: [EDGE] }).result).toBe('wider');
    expect(compare({ plumbing: ['prod: DNS'] }).result).toBe('wider');
    expect(compare({ gaps: ['method-not-enforced'] }).result).toBe('wider');
    const gap = 'prod component:default/checkout method-not-enforced';
    expect(compare({ gaps: [gap] }).differences).toEqual([
      {
        code: 'gap-accepted',
        gap,
        about: { cluster: 'prod', caller: 'component:default/checkout' },
      },
    ]);
  });

  it('goes on when less is opened or fewer are cut, and says so', () => {
    const [flip] = CONTENT.flips;
    for (const changes of [
      { edges: [{ ...EDGE, requests: ['GET /orders'] }] },
      { edges: [] },
      { flips: [{ ...flip, cut: [] }] },
      { flips: [] },
    ]) {
      const { result, reasons } = compare(changes);
      expect(result).toBe('narrower');
      expect(reasons).not.toEqual([]);
    }
  });

  it('is wider when some of it is wider and some narrower', () => {
    expect(
      compare({ edges: [{ ...EDGE, requests: ['GET /admin'] }] }).result,
    ).toBe('wider');
  });

  it('knows that a segment below a parameter is covered, and not the reverse', () => {
    const one = { edges: [{ ...EDGE, requests: ['GET /orders/latest'] }] };
    const any = { edges: [{ ...EDGE, requests: ['GET /orders/{*}'] }] };
    expect(compareMeaning(meaningOf(any), meaningOf(one)).result).toBe(
      'narrower',
    );
    expect(compareMeaning(meaningOf(one), meaningOf(any)).result).toBe('wider');
  });

  it('notes a changed platform profile without asking again', () => {
    const { result, reasons } = compare({ profiles: ['prod: sha256:2'] });
    expect(result).toBe('same');
    expect(reasons[0]).toContain('prod');
  });
});
