import { fenced } from '../../fence';
import { asJson, isJson } from '../../estate/json';
import { KubernetesObject, Protocol } from '../../estate/types';
import { AddressSet } from '../../net/AddressSet';
import { parseCidr } from '../../net/cidr';
import { listAt } from '../fieldShapes';
import { Problem, Selector, compileSelector } from '../selector';

/** A `port` entry. Without ports it is every port of the protocol. */
export interface PortSpec {
  protocol: Protocol;
  name?: string;
  from?: number;
  to?: number;
}

/** Pods by labels; a namespace's name instead of a selector is the policy's own. */
export interface PodPeer {
  namespaces: Selector | 'own';
  pods: Selector;
}

export interface BlockPeer {
  block: AddressSet;
}

export type PeerSpec = PodPeer | BlockPeer;

export interface RuleSpec {
  /** Absent: every peer (docs/semantics.md, S1). */
  peers?: PeerSpec[];
  /** Absent: every port of every protocol (docs/semantics.md, P6). */
  ports?: PortSpec[];
}

export interface NetworkPolicySpec {
  podSelector: Selector;
  /** Absent where the policy says nothing about the direction. */
  ingress?: RuleSpec[];
  egress?: RuleSpec[];
}

type Path = (string | number)[];

const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

function unknownFields(
  value: unknown,
  known: readonly string[],
  path: Path,
  problems: Problem[],
): void {
  for (const field of Object.keys(asJson(value))) {
    if (!known.includes(field))
      problems.push({
        path: [...path, field],
        message: 'is no field of NetworkPolicy',
      });
  }
}

function isPort(value: unknown): value is number {
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 1 &&
    value <= 65535
  );
}

function parsePort(
  raw: unknown,
  path: Path,
  problems: Problem[],
): PortSpec | undefined {
  if (!isJson(raw)) {
    problems.push({ path, message: 'must be an object' });
    return undefined;
  }
  unknownFields(raw, ['port', 'protocol', 'endPort'], path, problems);
  const protocol = raw.protocol ?? 'TCP';
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') {
    problems.push({
      path: [...path, 'protocol'],
      message: 'must be TCP, UDP or SCTP',
    });
    return undefined;
  }
  const { port, endPort } = raw;
  if (endPort !== undefined && endPort !== null) {
    if (!isPort(port)) {
      problems.push({
        path: [...path, 'endPort'],
        message: 'needs a numeric port',
      });
      return undefined;
    }
    if (!isPort(endPort) || endPort < port) {
      problems.push({
        path: [...path, 'endPort'],
        message: 'must be a port that is not below port',
      });
      return undefined;
    }
    return { protocol, from: port, to: endPort };
  }
  if (port === undefined || port === null) return { protocol };
  if (isPort(port)) return { protocol, from: port, to: port };
  if (typeof port === 'string' && PORT_NAME.test(port))
    return { protocol, name: port };
  problems.push({
    path: [...path, 'port'],
    message: `${JSON.stringify(port)} is no port number and no port name`,
  });
  return undefined;
}

function parseBlock(raw: unknown, path: Path, problems: Problem[]): BlockPeer {
  unknownFields(raw, ['cidr', 'except'], path, problems);
  const cidr = asJson(raw).cidr;
  const range =
    typeof cidr === 'string' && cidr.includes('/')
      ? parseCidr(cidr)
      : undefined;
  if (!range) {
    problems.push({
      path: [...path, 'cidr'],
      message:
        cidr === undefined
          ? 'must be a CIDR'
          : `${JSON.stringify(cidr)} is no CIDR`,
    });
    return { block: AddressSet.empty };
  }
  const block = AddressSet.of([range]);
  let rest = block;
  listAt(asJson(raw).except, [...path, 'except'], problems).forEach(
    (entry, index) => {
      const except =
        typeof entry === 'string' && entry.includes('/')
          ? parseCidr(entry)
          : undefined;
      const set = except ? AddressSet.of([except]) : AddressSet.empty;
      if (!except || !block.covers(set) || set.covers(block)) {
        problems.push({
          path: [...path, 'except', index],
          message: 'must be a CIDR inside cidr, and smaller',
        });
      } else {
        rest = rest.subtract(set);
      }
    },
  );
  return { block: rest };
}

function parsePeer(
  raw: unknown,
  path: Path,
  problems: Problem[],
): PeerSpec | undefined {
  unknownFields(
    raw,
    ['podSelector', 'namespaceSelector', 'ipBlock'],
    path,
    problems,
  );
  const { podSelector, namespaceSelector, ipBlock } = asJson(raw);
  const hasPods = podSelector !== undefined && podSelector !== null;
  const hasNamespaces =
    namespaceSelector !== undefined && namespaceSelector !== null;
  if (ipBlock !== undefined && ipBlock !== null) {
    if (hasPods || hasNamespaces) {
      problems.push({ path, message: 'may not have selectors beside ipBlock' });
      return undefined;
    }
    return parseBlock(ipBlock, [...path, 'ipBlock'], problems);
  }
  if (!hasPods && !hasNamespaces) {
    problems.push({
      path,
      message: 'must have a podSelector, a namespaceSelector or an ipBlock',
    });
    return undefined;
  }
  return {
    namespaces: hasNamespaces
      ? compileSelector(
          namespaceSelector,
          [...path, 'namespaceSelector'],
          problems,
        )
      : 'own',
    pods: compileSelector(podSelector, [...path, 'podSelector'], problems),
  };
}

function parseRule(
  raw: unknown,
  peersField: 'from' | 'to',
  path: Path,
  problems: Problem[],
): RuleSpec {
  if (!isJson(raw)) {
    problems.push({ path, message: 'must be an object' });
    return { peers: [] };
  }
  unknownFields(raw, [peersField, 'ports'], path, problems);
  const peers = listAt(raw[peersField], [...path, peersField], problems);
  const ports = listAt(raw.ports, [...path, 'ports'], problems);
  const parsedPeers = peers.map((peer, index) =>
    parsePeer(peer, [...path, peersField, index], problems),
  );
  const parsedPorts = ports.map((port, index) =>
    parsePort(port, [...path, 'ports', index], problems),
  );
  return {
    ...(peers.length > 0
      ? { peers: parsedPeers.filter(peer => peer !== undefined) }
      : {}),
    ...(ports.length > 0
      ? { ports: parsedPorts.filter(port => port !== undefined) }
      : {}),
  };
}

/**
 * Reads a `networking.k8s.io/v1` NetworkPolicy and checks it as the API server
 * does with strict field validation (kubernetes/pkg/apis/networking/validation).
 * A policy with problems must not be used for what it allows.
 */
export function parseNetworkPolicy(
  object: KubernetesObject,
): ParsedNetworkPolicy {
  return fenced(
    () => parse(object),
    () => {
      const problems = [
        { path: ['spec'], message: 'has a form that is not known' },
      ];
      // It may be for any pods, and for either direction.
      const podSelector = compileSelector({}, ['spec', 'podSelector'], []);
      return { spec: { podSelector, ingress: [], egress: [] }, problems };
    },
  );
}

interface ParsedNetworkPolicy {
  spec: NetworkPolicySpec;
  problems: Problem[];
}

function parse(object: KubernetesObject): ParsedNetworkPolicy {
  const problems: Problem[] = [];
  if (object.spec !== undefined && !isJson(object.spec))
    problems.push({ path: ['spec'], message: 'must be an object' });
  const spec = asJson(object.spec);
  unknownFields(
    spec,
    ['podSelector', 'ingress', 'egress', 'policyTypes'],
    ['spec'],
    problems,
  );
  const ingressRules = listAt(spec.ingress, ['spec', 'ingress'], problems);
  const egressRules = listAt(spec.egress, ['spec', 'egress'], problems);
  const stated = listAt(spec.policyTypes, ['spec', 'policyTypes'], problems);
  const isDirection = (type: unknown) =>
    type === 'Ingress' || type === 'Egress';
  stated.forEach((type, index) => {
    if (!isDirection(type)) {
      problems.push({
        path: ['spec', 'policyTypes', index],
        message: 'must be Ingress or Egress',
      });
    }
  });
  if (stated.length > 2)
    problems.push({
      path: ['spec', 'policyTypes'],
      message: 'has more than two entries',
    });
  // Design 4, S2: without policyTypes, Ingress always counts and Egress where there are egress rules.
  let types =
    stated.length > 0
      ? stated
      : ['Ingress', ...(egressRules.length > 0 ? ['Egress'] : [])];
  // Which directions a policy with a wrong type was meant for is not known: it may be any.
  if (!stated.every(isDirection)) types = ['Ingress', 'Egress'];
  const podSelector = compileSelector(
    spec.podSelector,
    ['spec', 'podSelector'],
    problems,
  );
  const ingress = ingressRules.map((rule, index) =>
    parseRule(rule, 'from', ['spec', 'ingress', index], problems),
  );
  const egress = egressRules.map((rule, index) =>
    parseRule(rule, 'to', ['spec', 'egress', index], problems),
  );
  return {
    spec: {
      podSelector,
      ...(types.includes('Ingress') ? { ingress } : {}),
      ...(types.includes('Egress') ? { egress } : {}),
    },
    problems,
  };
}
