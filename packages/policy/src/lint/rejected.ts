import {
  asArray,
  asJson,
  asKey,
  asLabels,
  asNumber,
  fieldAt,
} from '../estate/json';
import { Path } from '../estate/fieldPath';
import { groupOf, podTemplateOf } from '../estate/podTemplates';
import { ManifestObject } from '../estate/types';
import { Finding } from '../findings';
import { Check } from './LintContext';
import { notice } from './notice';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN =
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;
const FIX =
  'Correct the field: the API server refuses the object as it is, and what was there before stays.';

interface Problem {
  path: Path;
  text: string;
}

/** Only the whole is limited (apimachinery `IsDNS1123Subdomain`): a name without dots may have 253 characters as well. */
function isSubdomain(name: string): boolean {
  return name.length <= 253 && SUBDOMAIN.test(name);
}

/** Groups whose objects have DNS names; others may take any path segment. */
const DNS_NAMED =
  /^(apps|batch|extensions|networking\.k8s\.io|gateway\.networking\.k8s\.io|.*\.istio\.io|)$/;

function metadataProblems({ object }: ManifestObject): Problem[] {
  if (!DNS_NAMED.test(groupOf(object))) return [];
  const { name, namespace, labels, generateName } = object.metadata;
  const problems: Problem[] = [];
  const isCore = groupOf(object) === '';
  const takesLabel =
    isCore && (object.kind === 'Namespace' || object.kind === 'Service');
  const isValid = takesLabel ? LABEL.test(name) : isSubdomain(name);
  if (!isValid && generateName === undefined) {
    problems.push({
      path: ['metadata', 'name'],
      text: `is ${JSON.stringify(name)}, which is no ${
        takesLabel ? 'DNS label' : 'DNS name'
      }.`,
    });
  }
  const isStated =
    namespace !== undefined && namespace !== null && namespace !== '';
  if (isStated && !LABEL.test(asKey(namespace))) {
    problems.push({
      path: ['metadata', 'namespace'],
      text: `is ${JSON.stringify(namespace)}, which is no DNS label.`,
    });
  }
  problems.push(...labelProblems(labels, ['metadata', 'labels']));
  return problems;
}

function labelProblems(labels: unknown, path: Path): Problem[] {
  return Object.entries(asJson(labels)).flatMap(([key, value]) =>
    typeof value === 'string' && (value === '' || NAME_PART.test(value))
      ? []
      : [
          {
            path: [...path, key],
            text: `is ${JSON.stringify(value)}, which is no label value.`,
          },
        ],
  );
}

function isPort(value: unknown): boolean {
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 1 &&
    value <= 65535
  );
}

function isValue(value: unknown): string {
  return value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
}

function portProblem(value: unknown, path: Path): Problem[] {
  return isPort(value)
    ? []
    : [{ path, text: `${isValue(value)}, which is no port.` }];
}

function serviceProblems({ object }: ManifestObject): Problem[] {
  if (groupOf(object) !== '' || object.kind !== 'Service') return [];
  const ports = asArray(asJson(object.spec).ports);
  const seen = new Set<string>();
  return ports.flatMap((entry, index) => {
    const path = ['spec', 'ports', index];
    const { port, name, protocol, targetPort } = asJson(entry);
    const problems = portProblem(port, [...path, 'port']);
    if (ports.length > 1 && typeof name !== 'string') {
      problems.push({
        path: [...path, 'name'],
        text: 'is missing: of several ports each needs a name.',
      });
    }
    const key = `${asKey(port)}/${asKey(protocol ?? 'TCP')}`;
    if (seen.has(key))
      problems.push({ path, text: `is a second port ${key}.` });
    seen.add(key);
    const isNamed =
      typeof targetPort === 'string' && !/^[0-9]+$/.test(targetPort);
    if (isNamed && !PORT_NAME.test(targetPort)) {
      problems.push({
        path: [...path, 'targetPort'],
        text: `is ${JSON.stringify(targetPort)}, which is no name of a port.`,
      });
    } else if (
      !isNamed &&
      targetPort !== undefined &&
      // The API server takes 0 for "not stated".
      targetPort !== 0 &&
      !isPort(asNumber(targetPort))
    ) {
      problems.push(...portProblem(targetPort, [...path, 'targetPort']));
    }
    return problems;
  });
}

/** Where a pod template stands in the kinds that Kubernetes itself has. */
const TEMPLATES: readonly Path[] = [
  ['spec', 'template'],
  ['spec', 'jobTemplate', 'spec', 'template'],
];

function podProblems({ object }: ManifestObject): Problem[] {
  const path =
    TEMPLATES.find(each => fieldAt(object, each.join('.')) !== undefined) ?? [];
  const template = path.length === 0 ? object : fieldAt(object, path.join('.'));
  const problems =
    path.length === 0
      ? []
      : labelProblems(fieldAt(template, 'metadata.labels'), [
          ...path,
          'metadata',
          'labels',
        ]);
  asArray(fieldAt(template, 'spec.containers')).forEach((container, at) => {
    asArray(asJson(container).ports).forEach((entry, index) => {
      const place = [...path, 'spec', 'containers', at, 'ports', index];
      const { containerPort, name } = asJson(entry);
      problems.push(...portProblem(containerPort, [...place, 'containerPort']));
      if (typeof name === 'string' && !PORT_NAME.test(name)) {
        problems.push({
          path: [...place, 'name'],
          text: `is ${JSON.stringify(
            name,
          )}, which is no name of a port (at most 15 lower-case letters, digits and dashes, with a letter).`,
        });
      }
    });
  });
  return problems;
}

/** Does a selector of a controller leave out its own pods? The API server refuses that. */
function selectorProblems({ object }: ManifestObject): Problem[] {
  if (groupOf(object) !== 'apps') return [];
  const labels = asLabels(fieldAt(object, 'spec.template.metadata.labels'));
  const wanted = asLabels(fieldAt(object, 'spec.selector.matchLabels'));
  return Object.entries(wanted).flatMap(([key, value]) =>
    labels[key] === value
      ? []
      : [
          {
            path: ['spec', 'selector', 'matchLabels', key],
            text: `is ${value}, which the pods of the template do not have.`,
          },
        ],
  );
}

/**
 * Fields that the API server refuses in what is not a policy: names, labels,
 * ports (Kubernetes' validation of metadata, Services and pods). Policies are
 * checked where they are read.
 */
export const rejected: Check = ({ cluster }) =>
  cluster.objects.flatMap((manifest): Finding[] => {
    const problems = [
      ...metadataProblems(manifest),
      ...serviceProblems(manifest),
      ...(podTemplateOf(manifest.object, cluster.profile)
        ? podProblems(manifest)
        : []),
      ...selectorProblems(manifest),
    ];
    return problems.map(({ path, text }) =>
      notice('invalid-object', { manifest, path, text, fix: FIX }),
    );
  });
