import { FindingCode } from '../../findings';
import { Report } from '../Report';
import { Claim, Claimant, ClaimOwner, OutsideClaim } from './types';
import {
  detail,
  entities,
  entity as entityName,
  said,
  type Words,
} from '../../words';

const STATED_BY: Record<ClaimOwner['statedBy'], string> = {
  profile: 'as the platform profile says',
  namespace: 'as its namespace says',
  workload: 'as it says itself',
  established: 'for whom access with it was approved',
};

const ownersText = (owners: readonly string[]): string | Words =>
  owners.length === 0 ? 'nobody' : entities(owners, ' and ');

/** An entity with its owners and the place that registered it. */
export function describeClaimant({
  entity: ref,
  owners,
  registeredAt,
}: Claimant): Words {
  const place =
    registeredAt === undefined
      ? 'registered at an unknown place'
      : `registered at ${registeredAt}`;
  return said`${entityName(ref)} of ${ownersText(owners)} (${place})`;
}

const isOutside = (claim: Claim | OutsideClaim): claim is OutsideClaim =>
  'kind' in claim;

function subjectOf(claim: Claim | OutsideClaim): string | Words {
  // Whose it is is what is asked: it has no title yet.
  return isOutside(claim)
    ? claim.target
    : said`${detail(
        claim.workload,
        `the workload ${claim.workload.split('/')[2] ?? claim.workload}`,
      )} in ${claim.cluster}`;
}

function objectsOf(claim: Claim | OutsideClaim): string[] {
  return isOutside(claim) ? [claim.target] : [claim.workload];
}

function ruleFor(claim: Claim | OutsideClaim): string {
  if (!isOutside(claim))
    return `a line of \`owners\` in the platform profile of ${
      claim.cluster
    }, such as { namespaces: [${claim.workload.split('/')[0]}], owner: … }`;
  const field = { addresses: 'cidrs', identity: 'identities', host: 'hosts' };
  return `a line of \`addresses\` in a platform profile, such as { ${
    field[claim.kind]
  }: ['${claim.target}'], owner: … }`;
}

function contested(claim: Claim | OutsideClaim): Words {
  const claimants = claim.claimants.flatMap(
    (each, index) => said`${index > 0 ? ', ' : ''}${describeClaimant(each)}`,
  );
  return said`${subjectOf(
    claim,
  )} is claimed by ${claimants}, and nothing says whose it is`;
}

function refused(claim: Claim | OutsideClaim): Words {
  if (isOutside(claim) && claim.covers !== undefined)
    return said`${entityName(claim.entity)} claims ${
      claim.target
    }, which covers ${claim.covers}`;
  const { owner } = claim;
  return said`${entityName(claim.entity)} of ${ownersText(
    claim.owners,
  )} is bound to ${subjectOf(claim)}, which belongs to ${
    owner
      ? said`${entityName(owner.ref)}, ${STATED_BY[owner.statedBy]}`
      : 'somebody else'
  }`;
}

/** A claim for machines. */
function dataOf(claim: Claim | OutsideClaim) {
  return {
    entity: claim.entity,
    ...(isOutside(claim)
      ? { kind: claim.kind, target: claim.target }
      : { cluster: claim.cluster, workload: claim.workload }),
    ...(claim.owner && { owner: { ...claim.owner } }),
    claimants: claim.claimants.map(({ entity }) => entity),
  };
}

/**
 * Says which claims of an entity do not hold.
 *
 * @param isLeftOut - what is left of the entity is enough to go on with: nobody is stopped by it
 */
export function reportClaims(
  claims: readonly (Claim | OutsideClaim)[],
  isLeftOut: boolean,
  report: Report,
): void {
  for (const claim of claims) {
    const isContested = claim.state === 'contested';
    const code: FindingCode = isContested
      ? 'binding-contested'
      : 'binding-not-owned';
    report.add(
      isLeftOut ? 'binding-left-out' : code,
      isContested ? contested(claim) : refused(claim),
      [claim.entity, ...objectsOf(claim)],
      {
        ...(isContested && {
          fix: said`The platform team settles it with ${detail(
            ruleFor(claim),
            'one line of the platform profile',
          )}.`,
        }),
        data: dataOf(claim),
      },
    );
  }
}

/** Tells those who hold a workload who else claims it. */
export function reportOtherClaims(
  claims: readonly Claim[],
  report: Report,
): void {
  for (const claim of claims)
    if (claim.state === 'refused')
      report.add(
        'binding-claimed-by-others',
        said`${subjectOf(claim)} is claimed by ${describeClaimant(
          claim,
        )} as well: the claim is refused`,
        [claim.entity, claim.workload],
        { data: dataOf(claim) },
      );
}
