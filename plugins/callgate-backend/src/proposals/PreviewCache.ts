import type { ProposalDraft, Snapshot } from './types';

const MOST_ENTRIES = 200;
/** Characters of text, as `weigh` counts them. */
const MOST_TEXT = 20_000_000;

/**
 * What drafts come to, relative to one snapshot. Pages ask for the same again and again, and each costs an evaluation.
 * What people type as a reason is no part of the key: it changes the text of the declaration, and nothing that it means.
 * It keeps results alone: whoever goes away in the middle takes nobody else's answer along.
 */
export class PreviewCache<T> {
  #snapshot: Snapshot | undefined;
  readonly #known = new Map<string, { value: T; weight: number }>();
  #weight = 0;

  /** @param weigh - roughly how many characters a value holds */
  constructor(private readonly weigh: (value: T) => number) {}

  /** What is known already; the first call with another snapshot forgets everything. */
  known(snapshot: Snapshot, draft: ProposalDraft): T | undefined {
    if (this.#snapshot !== snapshot) {
      this.#snapshot = snapshot;
      this.#known.clear();
      this.#weight = 0;
    }
    const key = keyOf(draft);
    const known = this.#known.get(key);
    if (known) {
      // The one used last goes to the end; the first is the one not used for longest.
      this.#known.delete(key);
      this.#known.set(key, known);
    }
    return known?.value;
  }

  /** What is known, or what is made now; what failed is tried again. */
  async get(
    snapshot: Snapshot,
    draft: ProposalDraft,
    make: () => Promise<T>,
  ): Promise<T> {
    const known = this.known(snapshot, draft);
    if (known !== undefined) return known;
    const value = await make();
    if (this.#snapshot === snapshot) this.#keep(keyOf(draft), value);
    return value;
  }

  #keep(key: string, value: T): void {
    this.#forget(key);
    const weight = this.weigh(value);
    this.#known.set(key, { value, weight });
    this.#weight += weight;
    while (this.#known.size > MOST_ENTRIES || this.#weight > MOST_TEXT)
      this.#forget(this.#known.keys().next().value!);
  }

  #forget(key: string): void {
    this.#weight -= this.#known.get(key)?.weight ?? 0;
    this.#known.delete(key);
  }
}

function keyOf(draft: ProposalDraft): string {
  return JSON.stringify([
    draft.api,
    draft.caller,
    draft.operations,
    draft.in,
    draft.acknowledges,
    // Rules may ask who asks.
    draft.requestedBy,
    draft.confirm,
    draft.change,
    draft.until,
    draft.askedOn,
  ]);
}
