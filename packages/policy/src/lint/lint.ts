import { World } from '../evaluate/World';
import { Finding } from '../findings';
import { Check, lintContext } from './LintContext';
import { closedDns } from './closedDns';
import { closedIngress } from './closedIngress';
import { closedProbes } from './closedProbes';
import { closedTunnels } from './closedTunnels';
import { excludedPorts } from './excludedPorts';
import { closedGateways } from './closedGateways';
import { gatewayWaypoints } from './gatewayWaypoints';
import { hiddenAddresses } from './hiddenAddresses';
import { outboundPolicies } from './outboundPolicies';
import { portsBesideTunnel } from './portsBesideTunnel';
import { missingWaypoints } from './missingWaypoints';
import { serviceAddresses } from './serviceAddresses';
import { tokens } from './tokens';
import { dashSlips } from './dashSlips';
import { emptyRuleLists } from './emptyRuleLists';
import { hostSpellings } from './hostSpellings';
import { httpOnTcp } from './httpOnTcp';
import { httpValues } from './httpValues';
import { ignoredRules } from './ignoredRules';
import { initContainers } from './initContainers';
import { mutualTls } from './mutualTls';
import { networkPeers } from './networkPeers';
import { networkPorts } from './networkPorts';
import { pathNormalization } from './pathNormalization';
import { peerAuthentications } from './peerAuthentications';
import { plaintextClients } from './plaintextClients';
import { podsWithoutSidecar } from './podsWithoutSidecar';
import {
  ciliumHttp,
  istioChartPolicies,
  probes,
  wildcardHosts,
} from './platform';
import { principals, trustDomainAliases } from './principals';
import { rejected } from './rejected';
import { rewrittenPaths } from './rewrittenPaths';
import { selectsNothing } from './selectsNothing';
import { istioPorts, servicePorts } from './servicePorts';
import { shadowedRules } from './shadowedRules';
import { tooManyPatterns } from './tooManyPatterns';
import { waypointAddresses } from './waypointAddresses';
import { waypointIdentity } from './waypointIdentity';
import { ztunnelRules } from './ztunnelRules';

const CHECKS: readonly Check[] = [
  closedDns,
  closedIngress,
  closedProbes,
  closedTunnels,
  excludedPorts,
  closedGateways,
  gatewayWaypoints,
  hiddenAddresses,
  outboundPolicies,
  portsBesideTunnel,
  missingWaypoints,
  serviceAddresses,
  tokens,
  dashSlips,
  emptyRuleLists,
  hostSpellings,
  httpOnTcp,
  httpValues,
  ignoredRules,
  initContainers,
  mutualTls,
  networkPeers,
  networkPorts,
  pathNormalization,
  plaintextClients,
  podsWithoutSidecar,
  peerAuthentications,
  ciliumHttp,
  istioChartPolicies,
  probes,
  wildcardHosts,
  principals,
  trustDomainAliases,
  rejected,
  rewrittenPaths,
  selectsNothing,
  istioPorts,
  servicePorts,
  shadowedRules,
  tooManyPatterns,
  waypointAddresses,
  waypointIdentity,
  ztunnelRules,
];

function order(a: Finding, b: Finding): number {
  const keys = (each: Finding) => [
    each.at?.file ?? '',
    String(each.at?.line ?? 0).padStart(9, '0'),
    each.code,
    each.message,
  ];
  const [left, right] = [keys(a), keys(b)];
  const at = left.findIndex((key, index) => key !== right[index]);
  if (at < 0) return 0;
  return left[at] < right[at] ? -1 : 1;
}

/** Of a peer that stands in the wrong entry it need not be said that it matches nothing there. */
function withoutConsequences(findings: readonly Finding[]): Finding[] {
  const place = ({ at, objects }: Finding) =>
    JSON.stringify([objects[0], at?.file, at?.line, at?.field]);
  const slips = new Set(
    findings.filter(({ code }) => code === 'or-instead-of-and').map(place),
  );
  return findings.filter(
    each => each.code !== 'peer-selects-nothing' || !slips.has(place(each)),
  );
}

/**
 * What is wrong with manifests of any origin, or not what it seems to be:
 * what was noticed while reading them, and the traps of docs/findings.md.
 * Sorted by place. It says nothing about declarations: `verify` compares with
 * those.
 *
 * @public
 */
export function lint(world: World): Finding[] {
  const found = world.clusters.flatMap(cluster => {
    const context = lintContext(world.of(cluster), world.clusters);
    return CHECKS.flatMap(check => check(context));
  });
  const unique = new Map(
    withoutConsequences([...world.findings, ...found]).map(each => [
      JSON.stringify(each),
      each,
    ]),
  );
  return [...unique.values()].sort(order);
}
