import {
  type CatalogEntity,
  type Claim,
  type Cluster,
  type FindingCode,
  formatCallerRef,
  ownerRuleFor,
  ownerRuleText,
  type OutsideClaim,
  parseCallerRef,
  wouldHold,
} from '@callgate/policy';
import type {
  Capability,
  ClaimConcern,
  ClaimParty,
  ClaimSettlement,
  OutsideClaims,
  OwnerChoice,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import type { ClaimedWorkload } from '../../claims/claimedWorkloads';
import type { PreparedSettlement } from '../../claims/ClaimSettlements';
import type { Snapshot } from '../../proposals/types';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';
import type { LabelOf } from './Labels';
import { toFiles } from './proposals';
import { tellFiles } from './unseen';

/** Where a line leaves the owner open. */
const OPEN_OWNER = 'group:default/OWNER';

const AS_OUTSIDE = {
  addresses: 'cidrs',
  identity: 'identities',
  host: 'hosts',
} as const;

/** What a reader may do about a claim. */
export interface ClaimCapabilities {
  settle: Capability;
  merge: Capability;
  /** where it is merged */
  forge: string;
  reviewsInPortal: boolean;
}

/** A workload with everybody who claims it. Whoever may not see one of them is not shown any. */
export function toWorkloadClaim(
  claimed: ClaimedWorkload,
  facts: AccessFacts,
  how: {
    labelOf: LabelOf;
    discretion: Discretion;
    capabilities: ClaimCapabilities;
    settlement?: PreparedSettlement;
  },
): WorkloadClaim {
  const { cluster, workload, claims, state } = claimed;
  const { labelOf, discretion, capabilities, settlement } = how;
  const { snapshot } = facts;
  const stated = claims.find(({ owner }) => owner)?.owner;
  const line = claimed.canSettle
    ? lineFor(snapshot.clusters, cluster, workload)
    : undefined;
  return {
    cluster,
    workload,
    state,
    ...(stated && {
      owner: labelOf(stated.ref),
      statedBy: stated.statedBy,
    }),
    parties: claims.map(claim => toParty(claim, labelOf)),
    concerns: concernsOf(claimed, snapshot, facts, labelOf),
    choices: claimed.canSettle
      ? choicesOf(claims, snapshot.catalog, labelOf)
      : [],
    ...(line !== undefined && { line }),
    settle: capabilities.settle,
    ...(settlement && {
      settlement: toSettlement(settlement, labelOf, discretion, capabilities),
    }),
  };
}

function toParty(claim: Claim | OutsideClaim, labelOf: LabelOf): ClaimParty {
  const { entity, owners, state, registeredAt } = claim;
  return {
    entity: labelOf(entity),
    owners: owners.map(labelOf),
    state,
    ...(registeredAt !== undefined && { registeredAt }),
  };
}

function choicesOf(
  claims: readonly Claim[],
  catalog: readonly CatalogEntity[],
  labelOf: LabelOf,
): OwnerChoice[] {
  const owners = [...new Set(claims.flatMap(claim => claim.owners))].sort();
  return owners
    .map(owner => ({
      owner: labelOf(owner),
      holds: wouldHold(catalog, claims, owner).map(labelOf),
    }))
    .filter(({ owner }) => owner.state !== 'hidden');
}

function lineFor(
  clusters: readonly Cluster[],
  name: string,
  workload: string,
): string | undefined {
  const cluster = clusters.find(each => each.name === name);
  const rule = cluster && ownerRuleFor(cluster, workload, OPEN_OWNER);
  return rule && `- ${ownerRuleText(rule)}`;
}

/** Findings that name the workload whose claims hold something up. */
const OF_CLAIMS: ReadonlySet<FindingCode> = new Set([
  'binding-contested',
  'binding-not-owned',
  'binding-left-out',
]);

/** What is held or refused because of the claims on a workload, as the findings say it. */
function concernsOf(
  { cluster, workload, claims }: ClaimedWorkload,
  { compilation }: Snapshot,
  facts: AccessFacts,
  labelOf: LabelOf,
): ClaimConcern[] {
  const claimants = new Set(claims.map(({ entity }) => entity));
  const found = new Map<string, ClaimConcern>();
  for (const { code, api, grantId, data } of compilation.findings) {
    const about = data as { cluster?: unknown; workload?: unknown } | undefined;
    if (
      !OF_CLAIMS.has(code) ||
      api === undefined ||
      about?.cluster !== cluster ||
      about.workload !== workload
    )
      continue;
    const caller = facts
      .policyOf(api)
      ?.spec.grants.find(({ id }) => id === grantId)?.caller;
    const parsed =
      caller === undefined ? undefined : parseCallerRef(caller, 'default');
    const ref = parsed && formatCallerRef(parsed);
    const concern: ClaimConcern = {
      api: labelOf(api),
      ...(ref !== undefined && claimants.has(ref) && { caller: labelOf(ref) }),
    };
    if (concern.api.state !== 'hidden')
      found.set(JSON.stringify([api, ref]), concern);
  }
  return [...found.values()];
}

function toSettlement(
  { pull, owner, isCurrent, files }: PreparedSettlement,
  labelOf: LabelOf,
  discretion: Discretion,
  { merge, forge, reviewsInPortal }: ClaimCapabilities,
): ClaimSettlement {
  return {
    number: pull.number,
    branch: pull.branch,
    ...(pull.url !== undefined && { url: pull.url }),
    head: pull.head,
    current: isCurrent,
    ...(owner !== undefined && { owner: labelOf(owner) }),
    files: tellFiles(toFiles(files), !discretion.everythingSeen, discretion),
    forge,
    reviewsInPortal,
    merge,
  };
}

/** Claims outside the clusters that do not hold, each thing once. */
export function toOutsideClaims(
  claims: readonly OutsideClaim[],
  labelOf: LabelOf,
): OutsideClaims[] {
  const found = new Map<string, OutsideClaims>();
  for (const claim of claims) {
    const { kind, target, state } = claim;
    if (state === 'holds') continue;
    const key = `${kind} ${target}`;
    const before = found.get(key);
    const parties = [...(before?.parties ?? []), toParty(claim, labelOf)];
    found.set(key, {
      kind,
      target,
      state: before?.state === 'contested' ? 'contested' : state,
      parties,
      line: `- { ${AS_OUTSIDE[kind]}: ['${target}'], owner: ${OPEN_OWNER} }`,
    });
  }
  return [...found.values()].sort(
    (a, b) => Number(a.state === 'refused') - Number(b.state === 'refused'),
  );
}
