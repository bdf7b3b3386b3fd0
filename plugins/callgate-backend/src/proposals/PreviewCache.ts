import type { ProposalDraft, ProposalPreview, Snapshot } from './types';

const LIMIT = 200;

/**
 * Previews of one snapshot. Pages ask for the same one again and again, and each costs an evaluation; what people type
 * as a reason changes files but no meaning, so it is part of the key as well.
 */
export class PreviewCache {
  #snapshot: Snapshot | undefined;
  readonly #previews = new Map<string, ProposalPreview>();

  get(
    snapshot: Snapshot,
    draft: ProposalDraft,
    make: () => ProposalPreview,
  ): ProposalPreview {
    if (this.#snapshot !== snapshot) {
      this.#snapshot = snapshot;
      this.#previews.clear();
    }
    const key = JSON.stringify([
      draft.api,
      draft.caller,
      draft.operations,
      draft.in,
      draft.acknowledges,
      draft.reason,
      draft.requestedBy,
    ]);
    const preview = this.#previews.get(key) ?? make();
    // The one used last goes to the end; the first is the one not used for longest.
    this.#previews.delete(key);
    this.#previews.set(key, preview);
    if (this.#previews.size > LIMIT)
      this.#previews.delete(this.#previews.keys().next().value!);
    return { ...preview, source: snapshot.source };
  }
}
