import { aboutOf } from './aboutOf';
import type { ProposalDraft, Snapshot } from './types';

const LIMIT = 200;

/**
 * What drafts come to, relative to one snapshot. Pages ask for the same again and again, and each costs an evaluation.
 * What people type as a reason is no part of the key: it changes the text of the declaration, and nothing that it means.
 */
export class PreviewCache<T> {
  #snapshot: Snapshot | undefined;
  readonly #known = new Map<string, Promise<T>>();

  /** Whoever asks while it is being worked out waits for the same; what failed is tried again. */
  get(
    snapshot: Snapshot,
    draft: ProposalDraft,
    make: () => Promise<T>,
  ): Promise<T> {
    if (this.#snapshot !== snapshot) {
      this.#snapshot = snapshot;
      this.#known.clear();
    }
    const key = JSON.stringify([
      draft.api,
      draft.caller,
      draft.operations,
      draft.in,
      draft.acknowledges,
      // Rules may ask who asks.
      draft.requestedBy,
      draft.confirm && aboutOf(draft.confirm),
    ]);
    const known = this.#known.get(key) ?? make();
    // The one used last goes to the end; the first is the one not used for longest.
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > LIMIT)
      this.#known.delete(this.#known.keys().next().value!);
    known.catch(() => {
      if (this.#known.get(key) === known) this.#known.delete(key);
    });
    return known;
  }
}
