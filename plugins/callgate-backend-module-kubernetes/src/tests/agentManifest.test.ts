import { asArray, asJson, type Json } from '@callgate/cluster-reader';
import { readRbac } from '../__testUtils__/rbac';

const objects = readRbac('agent.yaml');
const rights = (all: readonly Json[]) =>
  all.filter(({ apiVersion }) => apiVersion === 'rbac.authorization.k8s.io/v1');

describe('deploy/agent.yaml', () => {
  it('has the rights of deploy/rbac.yaml, and no others', () => {
    expect(rights(objects).length).toBeGreaterThan(3);
    expect(rights(objects)).toEqual(rights(readRbac()));
    const account = readRbac().find(({ kind }) => kind === 'ServiceAccount');
    expect(objects).toContainEqual(account);
  });

  it('keeps what "Pod Security Standards" of Kubernetes calls restricted', () => {
    const namespace = objects.find(({ kind }) => kind === 'Namespace')!;
    expect(asJson(namespace.metadata).labels).toEqual({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    const deployment = objects.find(({ kind }) => kind === 'Deployment')!;
    const { spec } = asJson(asJson(deployment.spec).template);
    const pod = asJson(spec);
    expect(pod.serviceAccountName).toBe('callgate');
    expect(pod.hostNetwork ?? pod.hostPID ?? pod.hostIPC).toBeUndefined();
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const containers = asArray(pod.containers).map(asJson);
    expect(containers).toHaveLength(1);
    const [{ securityContext, resources, ports }] = containers;
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    // Who reads a large cluster ends before its neighbours do.
    expect(asJson(resources)).toEqual({
      requests: { cpu: '50m', memory: '256Mi' },
      limits: { memory: '1Gi' },
    });
    expect(ports).toBeUndefined();
    expect(asArray(pod.volumes)).toEqual([
      {
        name: 'token',
        secret: { secretName: 'callgate-agent', defaultMode: 0o440 },
      },
    ]);
  });
});
