import { defaultPlatformProfile } from '@callgate/policy';
import { Manifest } from '../worlds/types';
import { estateWorld, policiesOf } from './estateWorld';

const profile = { ...defaultPlatformProfile('c'), namespace: 'shop' };

const namespace = (name: string, labels: Record<string, string>): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const workload = (
  name: string,
  pod: Record<string, string> = {},
  more: Record<string, unknown> = {},
): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    template: {
      metadata: { labels: { app: name, ...pod } },
      spec: {
        containers: [{ ports: [{ name: 'web', containerPort: 8080 }] }],
        ...more,
      },
    },
  },
});

const service = (name: string, port: Record<string, unknown>): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [port] },
});

const worldOf = (objects: Manifest[]) => estateWorld(1, objects, profile);

describe('the cluster of an estate', () => {
  it('has the ports that Services lead to, by number or by name, and what they speak', () => {
    const { world, ids } = worldOf([
      workload('orders'),
      service('orders', { port: 80, targetPort: 'web', appProtocol: 'grpc' }),
      workload('cache'),
      service('cache', { name: 'tcp-cache', port: 6379 }),
      workload('batch'),
    ]);

    expect(ids[0]).toBe('shop/Deployment/orders');
    expect(world.workloads.map(({ ports }) => ports)).toEqual([
      [
        {
          name: 'web',
          number: 8080,
          servicePort: 80,
          speaks: 'http',
          says: 'grpc',
        },
      ],
      [{ name: 'port-6379', number: 6379, servicePort: 6379, speaks: 'tcp' }],
      [],
    ]);
  });

  it('has proxies where the pod says so, else where the namespace does', () => {
    const { world } = worldOf([
      namespace('shop', { 'istio-injection': 'enabled' }),
      workload('orders'),
      workload('batch', { 'sidecar.istio.io/inject': 'false' }),
    ]);

    expect(world.workloads.map(({ mesh }) => mesh)).toEqual([
      'sidecar',
      'none',
    ]);
    const ambient = worldOf([
      namespace('shop', { 'istio.io/dataplane-mode': 'ambient' }),
      workload('orders'),
      workload('batch', { 'istio.io/dataplane-mode': 'none' }),
    ]);
    expect(ambient.world.workloads.map(({ mesh }) => mesh)).toEqual([
      'ambient',
      'none',
    ]);
  });

  it('leaves out pods in the network of their node', () => {
    const { ids } = worldOf([
      workload('agent', {}, { hostNetwork: true }),
      workload('orders'),
    ]);

    expect(ids).toEqual(['shop/Deployment/orders']);
  });

  it('gives policies without a namespace that of the profile', () => {
    const policy: Manifest = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny-all' },
    };

    expect(policiesOf([policy, workload('orders')], profile)).toEqual([
      { ...policy, metadata: { name: 'deny-all', namespace: 'shop' } },
    ]);
  });
});
