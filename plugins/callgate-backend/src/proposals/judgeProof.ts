import { type Finding, type Proof, verify } from '@callgate/policy';
import type { ProposalCheck, Snapshot } from './types';

/** What a proof means for one proposal. */
export interface ProofJudgement {
  /** Why it must not be opened. */
  errors: readonly Finding[];
  checks: readonly ProposalCheck[];
}

/** What each point of a proof is called. */
export const CHECK_NAMES: Record<Proof['points'][number]['point'], string> = {
  'gained-is-approved': 'Opened = approved',
  'lost-is-told': 'Taken away = said',
  'nothing-missing-no-surplus-ours': 'Generated manifests = declared',
  'surplus-foreign': 'Hand-written objects',
  'intermediate-states': 'Order of application',
};

/** Errors by which effective access is not, or may not be, what is declared. */
const DIFFERENCES: ReadonlySet<Finding['code']> = new Set([
  'access-missing',
  'access-not-decided',
  'surplus-ours',
]);

const key = ({ code, message }: Finding) => `${code} ${message}`;
const known = new WeakMap<Snapshot, ReadonlySet<string>>();

/**
 * A proposal answers for its own API and for what it changes. That another API's files differ from its declaration, as
 * they did before, is for that API's own proposal to mend, and must not hold up this one.
 */
export function judgeProof(
  snapshot: Snapshot,
  proof: Proof,
  api: string,
): ProofJudgement {
  const errors = proof.findings.filter(({ severity }) => severity === 'error');
  const already = knownBefore(snapshot);
  const blocking = errors.filter(
    found => found.api === api || !already.has(key(found)),
  );
  const elsewhere = errors.length - blocking.length;
  return {
    errors: blocking,
    checks: proof.points.map(({ point, outcome, text, words }) => {
      const own =
        point === 'nothing-missing-no-surplus-ours' &&
        outcome === 'failed' &&
        elsewhere > 0;
      return own && !blocking.some(({ code }) => DIFFERENCES.has(code))
        ? {
            name: CHECK_NAMES[point],
            outcome: 'warning',
            text: `What is declared for this API gets through, and what Callgate writes for it opens nothing else. ${elsewhere} ${
              elsewhere === 1 ? 'difference' : 'differences'
            } of other APIs ${elsewhere === 1 ? 'was' : 'were'} there before.`,
          }
        : { name: CHECK_NAMES[point], outcome, text, ...(words && { words }) };
    }),
  };
}

function knownBefore(snapshot: Snapshot): ReadonlySet<string> {
  let keys = known.get(snapshot);
  if (!keys) {
    const { findings } = verify({
      plan: snapshot.compilation.plan,
      clusters: snapshot.effectiveClusters,
      kept: snapshot.compilation.kept,
    });
    keys = new Set(findings.map(key));
    known.set(snapshot, keys);
  }
  return keys;
}
