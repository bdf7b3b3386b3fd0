import { Verdict } from '@callgate/policy';
import {
  ForeignPolicy,
  World,
  WorldCall,
  WorldWorkload,
} from '../worlds/types';
import { sureWhereTouched, touchOf } from './touchOf';

const pod = (
  name: string,
  more: Partial<WorldWorkload> = {},
): WorldWorkload => ({
  namespace: 'shop',
  name,
  labels: { app: name },
  serviceAccount: name,
  mesh: 'sidecar',
  hbone: false,
  isHost: false,
  ip: `127.1.1.${name.length}`,
  ports: [
    { name: 'http-api', number: 8080, servicePort: 8080, speaks: 'http' },
  ],
  ...more,
});

const worldWith = (
  policy: Partial<ForeignPolicy>,
  workloads = [pod('a'), pod('bb'), pod('ccc', { namespace: 'ops' })],
): World => ({
  seed: 1,
  namespaces: [{ name: 'shop', labels: {} }],
  workloads,
  waypoints: [],
  policies: [],
  foreign: [
    {
      manifest: {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: 'p', namespace: 'shop' },
      },
      layer: 'kernel',
      directions: ['ingress', 'egress'],
      namespace: 'shop',
      labels: { app: 'bb' },
      ...policy,
    },
  ],
  mesh: {
    rootNamespace: 'istio-system',
    trustDomain: 'cluster.local',
    aliases: [],
    pathNormalization: 'BASE',
  },
});

const call = (from: number, to: number): WorldCall => ({
  from,
  to,
  port: 8080,
  protocol: 'TCP',
  via: 'pod',
});

describe('What a policy of others may touch', () => {
  it('is a call from or to what it selects, in its directions', () => {
    const both = worldWith({});
    expect(touchOf(both, call(0, 1))).toBe('yes');
    expect(touchOf(both, call(1, 0))).toBe('yes');
    expect(touchOf(both, call(0, 2))).toBe('no');
    const inwards = worldWith({ directions: ['ingress'] });
    expect(touchOf(inwards, call(0, 1))).toBe('yes');
    expect(touchOf(inwards, call(1, 0))).toBe('no');
  });

  it('is nothing in another namespace, and everything in its own without labels', () => {
    expect(touchOf(worldWith({ namespace: 'ops' }), call(0, 1))).toBe('no');
    expect(touchOf(worldWith({ labels: {} }), call(0, 1))).toBe('yes');
  });

  it('is what arrives at a sidecar where it is about proxies, and not what goes past one', () => {
    const world = worldWith({ layer: 'mesh' });
    expect(touchOf(world, call(0, 1))).toBe('yes');
    expect(touchOf(world, call(1, 0))).toBe('no');
    expect(touchOf(world, { ...call(0, 1), protocol: 'UDP' })).toBe('no');
  });

  it('may be a host, in some languages', () => {
    const hosts = [pod('a'), pod('bb', { isHost: true })];
    expect(touchOf(worldWith({}, hosts), call(0, 1))).toBe('perhaps');
  });

  it('may not be surely allowed, nor surely refused by the kernel where it is selected', () => {
    const verdict = (
      whole: Verdict['verdict'],
      atNode: Verdict['verdict'],
    ): Verdict => ({
      verdict: whole,
      conditions: [],
      hops: [
        {
          at: 'node of shop/Deployment/bb',
          layer: 'kernel',
          direction: 'ingress',
          verdict: atNode,
          by: [],
          text: '',
        },
      ],
    });
    const world = worldWith({});
    const sure = (each: Verdict) => sureWhereTouched(world, call(0, 1), each);
    expect(sure(verdict('allow', 'conditional'))).toBe(
      'the call is surely allowed',
    );
    expect(sure(verdict('deny', 'deny'))).toBe(
      'ingress at node of shop/Deployment/bb is surely deny',
    );
    // Another layer refuses it, whatever comes of this one.
    expect(sure(verdict('deny', 'conditional'))).toBeUndefined();
    expect(sure(verdict('conditional', 'conditional'))).toBeUndefined();
  });
});
