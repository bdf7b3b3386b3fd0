import { object } from '../testUtils/objects';
import type { Json } from '../json';
import { type Form, reduceObject } from './reduceObject';

const reduce = (form: Form, raw: Json) =>
  reduceObject(raw, { apiVersion: 'v1', kind: 'Thing', form })!;

const SECRET = 'hunter2';
const CONTAINER = {
  name: 'app',
  image: 'registry/app:1',
  command: ['sh', '-c', `login --password=${SECRET}`],
  args: [`--password=${SECRET}`, '--password', SECRET],
  env: [
    { name: 'PASSWORD', value: SECRET },
    { name: 'KEY', valueFrom: { secretKeyRef: { name: SECRET } } },
  ],
  envFrom: [{ secretRef: { name: SECRET } }],
  livenessProbe: {
    httpGet: {
      port: 80,
      path: `/${SECRET}`,
      httpHeaders: [{ name: 'authorization', value: SECRET }],
    },
  },
  readinessProbe: { exec: { command: [SECRET] } },
  ports: [{ containerPort: 80, name: 'http', protocol: 'TCP' }],
};
const TEMPLATE = {
  metadata: { labels: { app: 'a' } },
  spec: {
    containers: [CONTAINER],
    initContainers: [CONTAINER],
    volumes: [{ secret: { secretName: SECRET } }],
  },
};

describe('reduceObject', () => {
  it.each<[Form, Json]>([
    [
      'workload',
      {
        spec: {
          template: TEMPLATE,
          jobTemplate: { spec: { template: TEMPLATE } },
        },
      },
    ],
    [
      'pod',
      { spec: TEMPLATE.spec, status: { phase: 'Running', message: SECRET } },
    ],
    [
      'filter',
      {
        spec: {
          configPatches: [
            {
              applyTo: 'HTTP_FILTER',
              match: { context: 'GATEWAY' },
              patch: { value: SECRET },
            },
          ],
          pluginConfig: { key: SECRET },
          vmConfig: { env: [SECRET] },
        },
      },
    ],
    [
      'scaler',
      {
        spec: {
          scaleTargetRef: { name: 'a' },
          triggers: [{ metadata: { password: SECRET } }],
        },
      },
    ],
    [
      'proxy-config',
      {
        spec: {
          environmentVariables: {
            KEY: SECRET,
            ISTIO_META_ENABLE_HBONE: 'true',
          },
        },
      },
    ],
    ['mesh-config', { data: { mesh: 'trustDomain: td', password: SECRET } }],
    [
      'identity',
      { secrets: [{ name: SECRET }], imagePullSecrets: [{ name: SECRET }] },
    ],
    [
      'whole',
      {
        metadata: {
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': SECRET,
          },
        },
        status: { x: SECRET },
      },
    ],
  ])('keeps nothing that may be a secret of a %s', (form, raw) => {
    const { metadata, ...rest } = raw;
    const kept = JSON.stringify(
      reduce(form, object('a', { ...rest, ...(metadata ? { metadata } : {}) })),
    );
    expect(JSON.stringify(raw)).toContain(SECRET);
    expect(kept).not.toContain(SECRET);
    expect(kept).toContain('"name":"a"');
  });

  it('keeps of a template what decides about access', () => {
    const { spec } = reduce(
      'workload',
      object('a', {
        spec: {
          replicas: 40,
          template: {
            metadata: TEMPLATE.metadata,
            spec: {
              serviceAccountName: 'sa',
              hostNetwork: true,
              containers: [CONTAINER],
            },
          },
        },
      }),
    );
    expect(spec).toEqual({
      replicas: 2,
      template: {
        metadata: TEMPLATE.metadata,
        spec: {
          serviceAccountName: 'sa',
          hostNetwork: true,
          containers: [
            {
              name: 'app',
              image: 'registry/app:1',
              ports: [{ containerPort: 80, name: 'http', protocol: 'TCP' }],
              envFrom: [{}],
              livenessProbe: { httpGet: { port: 80 } },
            },
          ],
        },
      },
    });
  });

  it('keeps what platform components are told, by name', () => {
    const containers = [
      {
        name: 'discovery',
        args: ['--secureGRPCAddr=:15012', '--other=1'],
        env: [
          { name: 'PILOT_ENABLE_SENDING_HBONE', value: 'true' },
          { name: 'SHARED_MESH_CONFIG', valueFrom: { x: 1 } },
        ],
      },
      { name: 'istio-proxy', args: ['proxy', 'router', '--domain', 'x'] },
      {
        name: 'node-cache',
        args: ['-localip', '169.254.20.10,10.96.0.10', '-conf', '/etc'],
      },
    ];
    const { spec } = reduce(
      'workload',
      object('a', { spec: { template: { spec: { containers } } } }),
    );
    expect((spec as any).template.spec.containers).toEqual([
      {
        name: 'discovery',
        args: ['--secureGRPCAddr=:15012'],
        env: [
          { name: 'PILOT_ENABLE_SENDING_HBONE', value: 'true' },
          { name: 'SHARED_MESH_CONFIG', valueFrom: {} },
        ],
      },
      { name: 'istio-proxy', args: ['proxy', 'router'] },
      { name: 'node-cache', args: ['--localip=169.254.20.10,10.96.0.10'] },
    ]);
  });

  it('keeps of a webhook which Service it asks, and no certificate', () => {
    const webhooks = [
      {
        name: 'namespace.sidecar-injector.istio.io',
        clientConfig: {
          service: { name: 'istiod', namespace: 'mesh', path: '/inject' },
          caBundle: SECRET,
        },
      },
      { name: 'b', clientConfig: { url: `https://x/?token=${SECRET}` } },
    ];
    expect(reduce('webhooks', object('a', { webhooks })).webhooks).toEqual([
      {
        name: 'namespace.sidecar-injector.istio.io',
        clientConfig: { service: { name: 'istiod', namespace: 'mesh' } },
      },
      { name: 'b' },
    ]);
  });

  it('says the same of objects whose keys come in another order', () => {
    const of = (labels: Json) =>
      JSON.stringify(reduce('metadata', object('a', { metadata: { labels } })));
    expect(of({ b: '1', a: '2' })).toBe(of({ a: '2', b: '1' }));
  });

  it('keeps of the status of a Gateway its addresses, and whether it is programmed', () => {
    const { spec, status } = reduce('gateway', {
      ...object('edge'),
      spec: { gatewayClassName: 'istio' },
      status: {
        addresses: [{ type: 'IPAddress', value: '203.0.113.7', more: 1 }],
        conditions: [
          { type: 'Accepted', status: 'True' },
          { type: 'Programmed', status: 'False', lastTransitionTime: 'now' },
        ],
        listeners: [{ attachedRoutes: 3 }],
      },
    });
    expect(spec).toEqual({ gatewayClassName: 'istio' });
    expect(status).toEqual({
      addresses: [{ type: 'IPAddress', value: '203.0.113.7' }],
      conditions: [{ status: 'False', type: 'Programmed' }],
    });
    const silent = reduce('gateway', { ...object('edge'), spec: {} });
    expect(silent).not.toHaveProperty('status');
  });
});
