import { RequestSet } from '../requestset/RequestSet';
import { findingsOf } from './findingsOf';
import type { AccessDifference } from './types';

const OPENED: AccessDifference = {
  cluster: 'prod',
  from: 'ops/Deployment/console',
  to: 'shop/Deployment/orders',
  call: {
    from: 'ops/Deployment/console',
    to: 'shop/Deployment/orders',
    protocol: 'TCP',
    port: 8080,
  },
  apis: ['api:default/orders'],
  grants: [{ api: 'api:default/orders', grantId: 'console-unsticks' }],
  requests: RequestSet.of({ protocol: 'TCP', ports: [8080] }),
  text: 'TCP 8080',
  by: ['NetworkPolicy shop/allow-ops'],
  conditional: false,
};

const opened = (item: AccessDifference) =>
  findingsOf({
    missing: [],
    surplusOurs: [],
    surplusForeign: [item],
    others: [],
  }).map(({ message }) => message);

describe('what a hand-written object opens', () => {
  it('is beyond its grant for a caller that has one, and not without a grant', () => {
    expect(opened(OPENED)).toEqual([
      'prod: ops/Deployment/console can call shop/Deployment/orders (TCP 8080) beyond what it was granted: NetworkPolicy shop/allow-ops',
    ]);
    expect(opened({ ...OPENED, grants: [] })).toEqual([
      'prod: ops/Deployment/console can call shop/Deployment/orders (TCP 8080) without a grant: NetworkPolicy shop/allow-ops',
    ]);
  });
});
