import { useApi } from '@backstage/core-plugin-api';
import type { ProposalPage } from '@callgate/plugin-callgate-common';
import { useEffect, useSyncExternalStore } from 'react';
import { callgateApiRef, type CallgateApi } from '../api';
import { useReloadOnChange } from './useReloadOnChange';

/** Of the pull requests that wait, as many are listed beside the requests; the others are on their own page. */
const LISTED = 10;
const FRESH_MS = 10_000;
const AGAIN_MS = 60_000;

/** What waits for the reader. */
export interface Waiting {
  /** How many requests; absent while they could not be read, as are the others. */
  requests?: number;
  /** Grants that are theirs to review; absent while that could not be read. */
  reviews?: number;
  /** Pull requests that are theirs to merge: the newest, and how many there are. */
  proposals?: ProposalPage;
  /** How many workloads whose owner is contested; absent for whoever does not settle them. */
  claims?: number;
  /** Why pull requests could not be read. */
  proposalsError?: Error;
  /** When all this was asked for last, in milliseconds. */
  askedAt: number;
}

/** All that waits, as one number; `undefined` while requests are not known. */
export function waitingTotal(waiting: Waiting): number | undefined {
  const { requests, proposals, claims, reviews } = waiting;
  return requests === undefined
    ? undefined
    : requests + (proposals?.total ?? 0) + (claims ?? 0) + (reviews ?? 0);
}

/**
 * What waits, read once for everybody on the page who shows it: portals draw the menu's icon anew at every turn, and must not ask
 * at every turn.
 */
class WaitingStore {
  static readonly #stores = new WeakMap<CallgateApi, WaitingStore>();

  static of(callgate: CallgateApi): WaitingStore {
    const store = this.#stores.get(callgate) ?? new WaitingStore(callgate);
    this.#stores.set(callgate, store);
    return store;
  }

  #waiting: Waiting = { askedAt: 0 };
  #planned = false;
  #question = 0;
  readonly #listeners = new Set<() => void>();

  private constructor(private readonly callgate: CallgateApi) {}

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly get = () => this.#waiting;

  /** Asks, once for all who want it in the same turn. */
  readonly refresh = () => {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#ask();
    });
  };

  refreshIfOlderThan(milliseconds: number) {
    if (Date.now() - this.#waiting.askedAt > milliseconds) this.refresh();
  }

  async #ask() {
    const askedAt = Date.now();
    this.#question += 1;
    const question = this.#question;
    this.#set({ ...this.#waiting, askedAt });
    const [requests, proposals, reviews] = await Promise.allSettled([
      this.callgate.listRequests({ tab: 'waiting', limit: 1 }),
      this.callgate.listProposals({ waiting: true, limit: LISTED }),
      this.callgate.listReviews({ limit: 1 }),
    ]);
    // A newer question is under way: its answer counts.
    if (this.#question !== question) return;
    const page = proposals.status === 'fulfilled' ? proposals.value : undefined;
    this.#set({
      askedAt,
      ...(requests.status === 'fulfilled' && {
        requests: requests.value.total,
      }),
      ...(reviews.status === 'fulfilled' && { reviews: reviews.value.waiting }),
      ...(page && { proposals: page, claims: page.contestedClaims }),
      ...(proposals.status === 'rejected' && {
        proposalsError: asError(proposals.reason),
      }),
    });
  }

  #set(waiting: Waiting) {
    this.#waiting = waiting;
    this.#listeners.forEach(listener => listener());
  }
}

/** What waits for the reader, and how to ask again. It is asked again each minute, and when somebody changed something. */
export function useWaiting(): Waiting & { reload: () => void } {
  const callgate = useApi(callgateApiRef);
  const store = WaitingStore.of(callgate);
  const waiting = useSyncExternalStore(store.subscribe, store.get);
  useEffect(() => {
    store.refreshIfOlderThan(FRESH_MS);
    const timer = setInterval(() => {
      if (!document.hidden) store.refreshIfOlderThan(FRESH_MS);
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, [store]);
  useReloadOnChange(store.refresh);
  return { ...waiting, reload: store.refresh };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
