import type { TouchedEnds } from '../reach/touchedEnds';
import type { Steps } from '../steps';
import type {
  EffectiveAccessIndex,
  EffectivePair,
} from './EffectiveAccessIndex';

/** The pairs that a question is about: all, or those with one of some ends. */
export class Scope {
  static readonly everything = new Scope();

  /**
   * @param ingress - providers of which every way in is meant
   * @param egress - callers of which every way out is meant
   */
  static of(ingress: ReadonlySet<string>, egress: ReadonlySet<string>): Scope {
    return new Scope({ ingress, egress });
  }

  /** Everything that may be judged otherwise than before; what differs is not known where it is `undefined`. */
  static touched(touched: TouchedEnds | undefined): Scope {
    return touched
      ? new Scope({
          ingress: new Set([...touched.ingress, ...touched.mesh]),
          egress: touched.egress,
        })
      : Scope.everything;
  }

  private constructor(
    private readonly ends?: Record<'ingress' | 'egress', ReadonlySet<string>>,
  ) {}

  /** How many ends it is about. */
  get size(): number {
    return this.ends
      ? this.ends.ingress.size + this.ends.egress.size
      : Infinity;
  }

  union(other: Scope): Scope {
    const [a, b] = [this.ends, other.ends];
    if (!a || !b) return Scope.everything;
    return new Scope({
      ingress: new Set([...a.ingress, ...b.ingress]),
      egress: new Set([...a.egress, ...b.egress]),
    });
  }

  has(from: string | undefined, to: string | undefined): boolean {
    return (
      !this.ends ||
      this.ends.egress.has(from ?? '') ||
      this.ends.ingress.has(to ?? '')
    );
  }

  /**
   * Pairs into the providers and out of the callers that the question is
   * about, each once; pairs without any access may be left out.
   */
  *pairs(
    effective: EffectiveAccessIndex,
    providers: Iterable<string>,
    callers: Iterable<string>,
  ): Steps<EffectivePair[]> {
    const { ends } = this;
    const pairs = new Map<string, EffectivePair>();
    const add = (pair: EffectivePair) =>
      pairs.set(`${pair.from} ${pair.to}`, pair);
    for (const to of [...providers].sort()) {
      if (!ends || ends.ingress.has(to)) {
        yield;
        effective.into(to).forEach(add);
      } else {
        for (const from of ends.egress)
          effective.between(from, to).forEach(add);
      }
    }
    for (const from of [...callers].sort()) {
      if (!ends || ends.egress.has(from)) {
        yield;
        effective.outOf(from).forEach(add);
      } else {
        for (const to of ends.ingress) effective.between(from, to).forEach(add);
      }
    }
    return [...pairs.values()];
  }
}
