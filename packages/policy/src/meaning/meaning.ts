import { contractOf } from '../contract';
import type { Contract } from '../contract/types';
import { entityRefOf } from '../model/entity';
import type { Finding, FindingCode } from '../findings';
import { keyed } from '../keyed';
import { alsoClosed } from './alsoClosed';
import { alsoOpened } from './alsoOpened';
import {
  type ChangedItems,
  compareEdges,
  type EdgeComparison,
} from './compareEdges';
import { digestOf } from './digest';
import { digestContent } from './digestContent';
import { findFlips } from './findFlips';
import { findOpened } from './findOpened';
import { heldLosses } from './heldLosses';
import { layersByCluster } from './layersByCluster';
import { describePlumbing } from './describePlumbing';
import { keptPlumbing } from './keptPlumbing';
import { meaningText } from './meaningText';
import { nameOf, summarizeEdges } from './summarizeEdges';
import { type KeptItems, takenAway } from './takenAway';
import type { HeldGrant } from '../compile/types';
import { heldKey, type PlumbingEdge } from '../plan/types';
import { clustersOf } from './worldOf';
import type { PolicyOfOthers } from '../others/types';
import { othersTouching } from '../others/touchedBy';
import type {
  KeptBy,
  Meaning,
  MeaningInput,
  MeaningOpening,
  PolicyState,
} from './types';

/**
 * What a change of an API's declarations does: the difference between two
 * states, of which `after` differs from `before` by one request. The digest
 * depends on that difference alone: neither on file bytes, nor on what other
 * requests and commits change in both states.
 *
 * Where the API failed to compile after the change there is no difference to
 * show: nothing is gained or lost, and `findings` has the errors.
 *
 * @public
 */
export function meaning(input: MeaningInput): Meaning {
  const { before, after, api } = input;
  const failed = isFailed(after, api) || newlyHeld(input).length > 0;
  const compared: EdgeComparison = failed
    ? { gained: [], lost: [], unchanged: edgesOf(before, api) }
    : compareEdges(edgesOf(before, api), edgesOf(after, api));
  const grants = failed ? undefined : input.grants;
  const taken = grants && takenAway(input, grants);
  const edges = taken
    ? { ...compared, lost: [...lostOfOthers(compared, grants), ...taken.lost] }
    : compared;
  const opened = grants && findOpened(input);
  const left = opened && leftOf(input, opened);
  const flips = failed ? [] : findFlips(input);
  const stays = failed ? [] : gainedPlumbing(input);
  const plumbing = [...new Set(stays.map(describePlumbing))].sort();
  const contract = contractsOf(input);
  const gained = summarizeEdges(edges.gained, contract);
  const told = failed ? [] : [...edges.lost, ...heldLosses(input, edges)];
  const losses = grants ? [...told, ...alsoClosed(input, told, flips)] : told;
  const lost = summarizeEdges(losses, contract);
  const again = failed ? [] : alsoOpened(input, edges);
  const restored = summarizeEdges(again, contract);
  const others = othersOf(after, [...edges.gained, ...again], losses);
  const kept = taken && keptBy(taken.kept, contract);
  const ended = taken && {
    grants: input.grants ?? [],
    kept: taken.kept,
    opened: opened ?? [],
    ...(left && { left }),
  };
  const content = digestContent({
    input,
    others,
    ...(ended && { ended }),
    edges: { ...edges, gained: [...edges.gained, ...again], lost: losses },
    flips,
    plumbing,
  });
  return {
    api,
    gained,
    lost,
    restored,
    unchangedCount: new Set(edges.unchanged.map(({ caller }) => caller)).size,
    layersByCluster: layersByCluster(failed ? before : after, api),
    flips,
    others,
    ...(kept && { kept }),
    ...(opened && { opened }),
    ...(left && { left }),
    plumbing,
    keeps: distinct(stays.map(each => keptPlumbing(each, after.clusters))),
    findings: broughtFindings(input, flips),
    ...(failed && { failed: true as const }),
    text: failed
      ? `Nothing changes: the declaration of ${nameOf(api)} has errors.`
      : meaningText({
          ...{ api, gained, lost, restored, flips, opened, left },
          content,
        }),
    digest: digestOf(content),
    content,
  };
}

/** Grants that stay lose what the plan says; those that end are judged by what is possible afterwards. */
function lostOfOthers(
  { lost }: EdgeComparison,
  grants: readonly string[],
): ChangedItems[] {
  return lost.filter(({ edge }) => !grants.includes(edge.grantId));
}

/** What becomes of an API of which a change leaves no grant that opens anything. */
function leftOf(
  { before, after, api }: MeaningInput,
  opened: readonly MeaningOpening[],
): Meaning['left'] {
  // Nothing closes what no cluster has.
  const isClosable = [before, after].some(({ compilation }) =>
    compilation.plan.isolations.some(
      ({ direction, apis }) => direction === 'ingress' && apis.includes(api),
    ),
  );
  if (!isClosable) return undefined;
  const isGranted = (state: PolicyState) =>
    edgesOf(state, api).length > 0 ||
    state.compilation.held.some(held => held.api === api);
  if (!isGranted(before) || isGranted(after)) return undefined;
  return opened.length > 0 ? 'open' : 'closed';
}

function keptBy(
  kept: readonly KeptItems[],
  contract: (api: string) => Contract,
): KeptBy[] {
  const groups = new Map<string, KeptItems[]>();
  for (const each of kept) {
    const key = JSON.stringify([each.by, each.otherwise]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({
      access: summarizeEdges(
        group.map(({ change }) => change),
        contract,
      ),
      by: group[0].by,
      otherwise: group[0].otherwise,
    }));
}

/** Definitions of APIs, each read once. */
function contractsOf({ catalog }: MeaningInput): (api: string) => Contract {
  const known = new Map<string, Contract>();
  return api => {
    const contract =
      known.get(api) ??
      contractOf(
        catalog.find(entity => entityRefOf(entity) === api),
        api,
      );
    known.set(api, contract);
    return contract;
  };
}

const saying = keyed(({ code, message, grantId }: Finding) =>
  JSON.stringify([code, message, grantId]),
);

/** What advises to grant access to whoever is cut. */
const ADVISES_TO_GRANT: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'isolation-flip',
  'cuts-peers',
]);

/**
 * What the change brings: errors that stop the API, and what was not said of it before. What other grants were told
 * already would drown it; their errors hold them alone.
 */
function broughtFindings(
  { before, after, api, grants }: MeaningInput,
  flips: Meaning['flips'],
): Finding[] {
  const said = new Set(before.compilation.findings.map(saying));
  return after.compilation.findings.filter(
    found =>
      (found.api === undefined || found.api === api) &&
      (!said.has(saying(found)) ||
        (found.severity === 'error' && found.grantId === undefined)) &&
      isNews(found, flips, grants),
  );
}

/** What closed an API is history with every change that follows, and whoever a change of grants takes from is told as such. */
function isNews(
  { code, data }: Finding,
  flips: Meaning['flips'],
  grants: MeaningInput['grants'],
): boolean {
  if (grants) return !ADVISES_TO_GRANT.has(code);
  if (code !== 'isolation-flip') return true;
  const where = typeof data === 'object' && 'cluster' in data && data.cluster;
  return flips.some(({ cluster }) => cluster === where);
}

const keyOfHeld = ({ api, grantId }: HeldGrant) => heldKey(api, grantId);

/** Grants of the API that the change leaves with an error: what the change is about, or what it breaks. */
function newlyHeld({ before, after, api }: MeaningInput): HeldGrant[] {
  const were = new Set(before.compilation.held.map(keyOfHeld));
  return after.compilation.held.filter(
    each => each.api === api && !were.has(keyOfHeld(each)),
  );
}

function isFailed(state: PolicyState, api: string): boolean {
  return state.compilation.failedApis.some(each => each.api === api);
}

function edgesOf(state: PolicyState, api: string) {
  return state.compilation.plan.edges.filter(edge => edge.api === api);
}

/** Policies of others that touch the access that is opened or closed; those elsewhere are no part of the meaning. */
function othersOf(
  after: PolicyState,
  opened: readonly ChangedItems[],
  closed: readonly ChangedItems[],
): PolicyOfOthers[] {
  const edges = [
    ...opened.map(({ edge }) => ({ edge })),
    ...closed.map(({ edge }) => ({ edge, isClosed: true })),
  ];
  return edges.length === 0
    ? []
    : clustersOf(after).flatMap(cluster => othersTouching(cluster, edges));
}

function gainedPlumbing({ before, after, api }: MeaningInput): PlumbingEdge[] {
  const had = new Set(plumbingOf(before, api).map(describePlumbing));
  return plumbingOf(after, api).filter(
    each => !had.has(describePlumbing(each)),
  );
}

function distinct<T>(facts: readonly T[]): T[] {
  return [...new Map(facts.map(each => [JSON.stringify(each), each])).values()];
}

/** Plumbing of the workloads that the API closes or whose calls it opens. */
function plumbingOf(state: PolicyState, api: string): PlumbingEdge[] {
  const { plan } = state.compilation;
  const providers = new Set(
    plan.isolations
      .filter(({ apis }) => apis.includes(api))
      .map(({ cluster, workload }) => `${cluster} ${workload.id}`),
  );
  const callers = new Set(
    plan.edges
      .filter(edge => edge.api === api)
      .map(({ cluster, from }) => `${cluster} ${from.id}`),
  );
  return plan.plumbing.filter(({ direction, cluster, workload }) =>
    (direction === 'ingress' ? providers : callers).has(
      `${cluster} ${workload.id}`,
    ),
  );
}
