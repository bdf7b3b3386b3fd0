import { formatEntityRef, parseEntityRefText } from '../../entityRef';
import { Cluster } from '../../estate/types';
import { addOwnerRule, StatedOwnerRule } from '../../profile/addOwnerRule';
import { parsePlatformProfile } from '../../profile/parsePlatformProfile';
import { SourceFile } from '../../source';
import { CatalogIndex } from '../CatalogIndex';
import { chooseSelector } from '../chooseSelector';
import { PlanInput } from '../types';
import { ClaimsInput } from './Bindings';
import { claimsOf, outsideClaimsOf } from './claimsOf';
import { Owners } from './Owners';
import { Claim, Claimant } from './types';
import { fitsRule, ownerOfWorkload } from './workloadOwner';

/**
 * What to settle: whose a workload is, by a line in the platform profile of its cluster.
 *
 * @public
 */
export interface SettleInput extends ClaimsInput {
  cluster: string;
  /** `namespace/Kind/name` */
  workload: string;
  /** reference of the group or user whose it is to be */
  owner: string;
  /** the file of the platform profile as it is */
  file: SourceFile;
}

/**
 * The platform profile with the line in it, or why that cannot be.
 *
 * @public
 */
export type Settlement =
  | {
      /** full reference of the owner */
      owner: string;
      /** the file with the line in it */
      text: string;
      /** claims on the workload as they are with it */
      claims: Claim[];
    }
  | { problem: string };

/**
 * Whether whose a workload is can be settled by a line of `owners`: several owners claim it and nothing says whose it is, or
 * somebody claims what was approved for others. What somebody states is theirs to change.
 *
 * @public
 */
export function canSettle(claims: readonly Claim[]): boolean {
  return claims.some(
    ({ state, owner }) =>
      state === 'contested' ||
      (state === 'refused' && owner?.statedBy === 'established'),
  );
}

/**
 * The claimants whose claims would hold with an owner, by their references.
 *
 * @public
 */
export function wouldHold(
  catalog: PlanInput['catalog'],
  claimants: readonly Claimant[],
  owner: string,
): string[] {
  const owners = Owners.of(CatalogIndex.of(catalog));
  return claimants
    .filter(each => owners.include(each.owners, owner))
    .map(({ entity }) => entity);
}

/**
 * The entry of `owners` that says whose exactly one workload is; undefined where no labels tell it from others.
 *
 * @public
 */
export function ownerRuleFor(
  cluster: Cluster,
  workload: string,
  owner: string,
): StatedOwnerRule | undefined {
  const found = cluster.workloads.find(({ id }) => id === workload);
  const choice = found && chooseSelector(cluster, found);
  if (!found || !choice || !('selector' in choice)) return undefined;
  const rule = {
    namespaces: [found.namespace],
    selector: choice.selector,
    owner,
  };
  const fitting = cluster.workloads.filter(each =>
    fitsRule(rule, cluster, each),
  );
  return fitting.length === 1 && fitting[0] === found ? rule : undefined;
}

const same = (a: unknown, b: unknown) =>
  JSON.stringify(a) === JSON.stringify(b);

const is =
  ({ cluster, workload }: Pick<SettleInput, 'cluster' | 'workload'>) =>
  (claim: Claim) =>
    claim.cluster === cluster && claim.workload === workload;

type Rules = Cluster['profile']['owners'];

const withOwners = (cluster: Cluster, owners: Rules): Cluster => ({
  ...cluster,
  profile: { ...cluster.profile, owners },
});

const changed = (input: SettleInput, cluster: Cluster, owners: Rules) => ({
  ...input,
  clusters: input.clusters.map(each =>
    each === cluster ? withOwners(each, owners) : each,
  ),
});

const claimsWith = (input: SettleInput, cluster: Cluster, owners: Rules) =>
  claimsOf(changed(input, cluster, owners));

/** Why the entry must not be added; undefined where it does what is meant and nothing else. */
function checked(
  input: SettleInput,
  before: readonly Claim[],
  cluster: Cluster,
  owners: Rules,
  rule: StatedOwnerRule,
): { problem: string } | undefined {
  const { workload } = input;
  const edited = withOwners(cluster, owners);
  const touched = cluster.workloads.filter(
    each =>
      each.id !== workload &&
      !same(ownerOfWorkload(cluster, each), ownerOfWorkload(edited, each)),
  );
  const after = claimsWith(input, cluster, owners);
  const isTarget = is(input);
  const rest = (claims: readonly Claim[]) =>
    claims.filter(claim => !isTarget(claim));
  if (
    touched.length > 0 ||
    !same(rest(before), rest(after)) ||
    !same(
      outsideClaimsOf(input),
      outsideClaimsOf(changed(input, cluster, owners)),
    )
  )
    return {
      problem: `A line for ${workload} would change whose something else is as well. Decide by hand.`,
    };
  const settled = after
    .filter(isTarget)
    .every(
      ({ state, owner }) =>
        state !== 'contested' &&
        owner?.statedBy === 'profile' &&
        owner.ref === rule.owner,
    );
  return settled
    ? undefined
    : {
        problem: `A line for ${workload} would have no effect. Decide by hand.`,
      };
}

/**
 * Settles whose a workload is, by one entry of `owners` that fits this workload and no other. What it does is worked out
 * before it is given out: where the claims on anything else would change, there is none.
 *
 * @public
 */
export function settleClaim(input: SettleInput): Settlement {
  const { catalog, clusters, file, workload } = input;
  const cluster = clusters.find(({ name }) => name === input.cluster);
  const claims = claimsOf(input);
  if (!cluster || !canSettle(claims.filter(is(input))))
    return {
      problem: `Whose ${workload} in ${input.cluster} is, is not contested any more.`,
    };
  const parts = parseEntityRefText(input.owner, { kind: 'group' });
  const owner = parts && formatEntityRef(parts);
  if (
    !owner ||
    !(parts.kind === 'group' || parts.kind === 'user') ||
    !CatalogIndex.of(catalog).get(owner)
  )
    return {
      problem: `${JSON.stringify(
        input.owner,
      )} is no group or user of the catalog. Choose one that is.`,
    };
  const rule = ownerRuleFor(cluster, workload, owner);
  const target = cluster.workloads.find(({ id }) => id === workload);
  if (!rule || !target)
    return {
      problem: `No labels tell the pods of ${workload} from all others of its namespace, so a line for it would be one for others as well. Give it a label of its own, or decide for all of them by hand.`,
    };
  const stated = parsePlatformProfile(file).profile?.owners;
  if (stated && !same(stated, cluster.profile.owners))
    return {
      problem: `The platform profile of ${cluster.name} is not the one that the portal has read. Try again in a minute.`,
    };
  const at = cluster.profile.owners.findIndex(each =>
    fitsRule(each, cluster, target),
  );
  try {
    const edited = addOwnerRule(
      file,
      at === -1 ? cluster.profile.owners.length : at,
      rule,
    );
    return (
      checked(input, claims, cluster, edited.profile.owners, rule) ?? {
        owner,
        text: edited.text,
        claims: claimsWith(input, cluster, edited.profile.owners).filter(
          is(input),
        ),
      }
    );
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
