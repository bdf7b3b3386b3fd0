import type {
  AuditorService,
  AuthService,
} from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import { entityRefOf, type Grant } from '@callgate/policy';
import { CALLGATE_ACTOR } from '../actor';
import type {
  AccessStore,
  NewStoredRequest,
  StoredRequest,
} from '../database/AccessStore';
import type { Ownership } from '../ownership';
import type { ProposalPlanner } from '../proposals/ProposalPlanner';
import type {
  GrantChange,
  ProposalDraft,
  ProposalPreview,
  Snapshot,
} from '../proposals/types';
import { newRequest } from './newRequest';
import { recordedByCallgate } from './recordedByCallgate';
import { contractOf } from './views/operations';

/** A grant whose end Callgate itself asks for. */
export interface EndAsked {
  api: string;
  /** The caller that the grant names, in full. */
  caller: string;
  grant: Grant;
  /** Why it is to end. */
  because: Pick<GrantChange, 'expired' | 'glass' | 'gone'>;
  /** Whom it concerns beside those whom the catalog names. */
  parties?: NewStoredRequest['parties'];
  /** What the audit says of it besides. */
  meta?: JsonObject;
}

/**
 * Asks, as Callgate, for the end of a grant: for the API's side, which keeps the API closed.
 *
 * @returns undefined where it is asked already: another process was faster
 */
export async function askEnd(
  services: {
    requests: Pick<AccessStore, 'createRequest'>;
    planner: Pick<ProposalPlanner, 'preview'>;
    ownership: Ownership;
    auditor: AuditorService;
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  },
  snapshot: Snapshot,
  { api, caller, grant, because, parties = [], meta }: EndAsked,
): Promise<{ stored: StoredRequest; preview: ProposalPreview } | undefined> {
  const { requests, planner, ownership } = services;
  const draft: ProposalDraft & { reason: string } = {
    change: {
      kind: 'end',
      grant: grant.id,
      ...(grant.request !== undefined && { request: grant.request }),
      side: 'api',
      whenLast: 'keep-closed',
      ...because,
    },
    api,
    caller,
    operations: grant.operations,
    in: [...(grant.in ?? [])].sort(),
    acknowledges: [...(grant.acknowledges ?? [])].sort(),
    requestedBy: CALLGATE_ACTOR,
    reason: '',
  };
  const preview = await planner.preview(snapshot, draft);
  const entity = snapshot.catalog.find(each => entityRefOf(each) === api);
  const request = await newRequest(
    ownership,
    draft,
    preview,
    contractOf(entity, api),
  );
  const recorded = {
    actionType: 'create',
    kind: 'end',
    apiRef: api,
    callerRef: caller,
    grant: grant.id,
    digest: preview.meaning.digest,
    ...meta,
  };
  try {
    const stored = await recordedByCallgate(services, recorded, () =>
      requests.createRequest({
        ...request,
        parties: [...request.parties, ...parties],
        requestedBy: CALLGATE_ACTOR,
      }),
    );
    return { stored, preview };
  } catch (error) {
    if ((error as { code?: string }).code === 'already-asked') return undefined;
    throw error;
  }
}
