import { asArray, asJson, asText } from '../estate/json';
import { PodTemplate, podTemplatesOf } from '../estate/podTemplates';
import { targetPort, workloadsOf } from '../estate/serviceLookup';
import { Service, ServicePort, Workload } from '../estate/types';
import { ProxyQuestion } from '../evaluate/ProxyQuestion';
import { WorkloadParty } from '../evaluate/party';
import { Finding } from '../findings';
import { Check, LintContext } from './LintContext';
import { injectsNatively, runsBeforeProxy } from './nativeSidecars';
import { few, notice } from './notice';

/** Ports that an address may leave out. */
const USUAL: ReadonlySet<number> = new Set([80, 443]);

/** All that its manifest has a container do: a name in it is one that it calls. */
function wordsOf(container: Readonly<Record<string, unknown>>): string {
  const { command, args, env } = container;
  return [
    ...asArray(command),
    ...asArray(args),
    ...asArray(env).map(each => asJson(each).value),
  ]
    .flatMap(each => asText(each) ?? [])
    .join('\n');
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Does the text call a port of the Service: by its whole name, or by a short one with what makes it an address? */
function calls(
  words: string,
  { name, namespace }: Service,
  { port }: ServicePort,
  own: string,
): boolean {
  if (!words.includes(name)) return false;
  const long = `${escaped(name)}\\.${escaped(
    namespace,
  )}(?:\\.svc(?:\\.[\\w.-]+)?)?`;
  const host = namespace === own ? `(?:${long}|${escaped(name)})` : long;
  const end = `[: ]${port}(?!\\d)`;
  const bare = USUAL.has(port) ? `|://${host}(?=[/\\s"']|$)` : '';
  // With a scheme, as `nc` has it, or with neither where the port is the usual one.
  const pattern = `://${host}${end}|(?<![\\w./-])${host}${end}${bare}`;
  return new RegExp(pattern, 'm').test(words);
}

/** Is the provider one that takes no call without an identity, and this caller's with it? */
function needsIdentity(
  { cluster, world }: LintContext,
  from: WorkloadParty,
  to: WorkloadParty,
  port: number,
): boolean {
  const { mesh, meshIsGuess } = to.workload;
  if (mesh === 'none' || meshIsGuess) return false;
  const question = new ProxyQuestion(world.model(to), { port }, cluster);
  if (question.mtls('plaintext', from).tri.value === 'no') return true;
  const asked = (transport: 'plaintext' | 'mtls') =>
    question.authorization(world.caller(from, transport)).tri.value;
  return asked('plaintext') === 'no' && asked('mtls') !== 'no';
}

/**
 * Init containers that call what takes identities only. Where the proxy is an ordinary container it runs after all of them: istio-init is
 * put last, so that what they send leaves without identity; with Istio's CNI it is led to a proxy that does not run yet, and
 * fails. Either way it does not arrive (istio `pkg/kube/inject/webhook.go`, `reorderPod`; istio.io, "Install the Istio CNI
 * node agent", Compatibility with application init containers).
 */
export const initContainers: Check = context => {
  const { cluster } = context;
  const isNative = injectsNatively(cluster);
  const byPlace = new Map(
    cluster.workloads.map((workload, index) => [
      workload.at,
      { workload, index },
    ]),
  );
  return cluster.objects.flatMap(manifest => {
    const known = byPlace.get(manifest.at);
    if (!known || known.workload.mesh !== 'sidecar') return [];
    if (known.workload.meshIsGuess) return [];
    const from: WorkloadParty = { kind: 'workload', cluster, ...known };
    return podTemplatesOf(manifest.object, cluster.profile).flatMap(
      ({ template, at }) => {
        const raw = at.reduce<unknown>(
          (value, step) =>
            Array.isArray(value) ? value[Number(step)] : asJson(value)[step],
          manifest.object,
        );
        const spec = asJson(asJson(raw).spec);
        return asArray(spec.initContainers).flatMap(
          (each, index): Finding[] => {
            const container = asJson(each);
            const shut = isBefore(template, spec, index, isNative)
              ? unreachable(context, from, container)
              : [];
            if (shut.length === 0) return [];
            return [
              notice('init-container-before-proxy', {
                manifest,
                path: [...at, 'spec', 'initContainers', index],
                text: `(${
                  asText(container.name) ?? 'without a name'
                }) runs before the sidecar, so that what it sends has no identity, and calls ${few(
                  shut.map(({ service }) => `Service ${service.id}`),
                )}: ${few(
                  shut.map(({ provider }) => provider.id),
                )} takes no call without one.`,
                others: shut.map(({ provider }) => provider.id),
              }),
            ];
          },
        );
      },
    );
  });
};

/** An application's own init container, before a proxy to which its traffic is not known to go or not to go by a setting. */
function isBefore(
  template: PodTemplate,
  spec: Readonly<Record<string, unknown>>,
  index: number,
  isNative: boolean | undefined,
): boolean {
  const { name, restartPolicy } = asJson(asArray(spec.initContainers)[index]);
  return (
    !(asText(name) ?? '').startsWith('istio-') &&
    restartPolicy !== 'Always' &&
    runsBeforeProxy(template, spec, index, isNative)
  );
}

function unreachable(
  context: LintContext,
  from: WorkloadParty,
  container: Readonly<Record<string, unknown>>,
): { service: Service; provider: Workload }[] {
  const { cluster } = context;
  const words = wordsOf(container);
  if (words === '') return [];
  return cluster.services.flatMap(service =>
    service.ports
      .filter(
        port =>
          port.protocol === 'TCP' &&
          calls(words, service, port, from.workload.namespace),
      )
      .flatMap(port =>
        workloadsOf(cluster, service).flatMap(provider => {
          const target = targetPort(port, provider);
          const index = cluster.workloads.indexOf(provider);
          const to: WorkloadParty = {
            kind: 'workload',
            cluster,
            workload: provider,
            index,
          };
          return target !== undefined &&
            needsIdentity(context, from, to, target)
            ? [{ service, provider }]
            : [];
        }),
      ),
  );
}
