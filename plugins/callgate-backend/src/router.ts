import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import express from 'express';
import type {
  ProposalState,
  RequestKind,
  RequestState,
} from '@callgate/plugin-callgate-common';
import type {
  AccessService,
  CallerOptions,
  RequestQuery,
  WriteOptions,
} from './access/AccessService';
import { decideAll } from './access/decideAll';
import { decideReviews } from './access/decideReviews';
import type { PolicyDesk } from './access/PolicyDesk';
import type { ClaimTarget } from './claims/ClaimTarget';
import type { AccessStore } from './database/AccessStore';
import type { AuditedPushes } from './estate/AuditedPushes';
import { estateBodies } from './estate/estateBodies';
import type { EstateIntakes } from './estate/EstateIntakes';
import { sendEvidence } from './evidence/sendEvidence';
import { createOpenApiRouter } from './schema/openapi/generated';
import { type Services, subjectOf } from './services';
import type { Turns } from './turns';

const PAGE = 50;
const BODY_LIMIT = '1mb';
const SORTS: Record<string, RequestQuery['sort']> = {
  risk: 'risk',
  '-createdAt': 'newest',
  createdAt: 'oldest',
};

/**
 * Routes of `/api/callgate`: credentials → service → response. Signed-in people get further, and programs where they may
 * read and ask; what they may do is the service's to say.
 */
export async function createRouter(options: {
  httpAuth: HttpAuthService;
  service: AccessService;
  desk: Pick<PolicyDesk, 'snapshot'>;
  /** Lets in what one person asks for again and again. */
  admission: Turns;
  /** Keeps one key of a client to one list of decisions. */
  requests: Pick<AccessStore, 'claimKey'>;
  /** Programs that may read and ask. */
  services: Services;
  /** Where agents send what clusters have. */
  intakes: EstateIntakes;
  /** Keeps a record of that. */
  pushes: AuditedPushes;
  logger: LoggerService;
}): Promise<express.Router> {
  const { httpAuth, service, desk, admission, services, requests, intakes } =
    options;
  const { pushes, logger } = options;
  // A text that is too long is answered with the name of its field, so it must get that far.
  const router = await createOpenApiRouter({
    middleware: [express.json({ limit: BODY_LIMIT })],
  });
  const caller = async (req: unknown): Promise<CallerOptions> => ({
    credentials: await httpAuth.credentials(req as express.Request, {
      allow: ['user'],
    }),
  });
  /** What services may do as well: read, preview, ask, and take back what they asked. */
  const anyCaller = async (req: unknown): Promise<CallerOptions> => {
    const credentials = await httpAuth.credentials(req as express.Request, {
      allow: ['user', 'service'],
    });
    services.require(credentials);
    return { credentials };
  };

  const writer = async (
    req: { headers: Record<string, unknown> },
    who = caller,
  ): Promise<WriteOptions> => {
    const key = keyOf(req.headers);
    return { ...(await who(req)), ...(key && { idempotencyKey: key }) };
  };

  router.get('/apis/:namespace/:name', async (req, res) => {
    const by = await anyCaller(req);
    res.json(
      await service.getApiAccess(
        `api:${req.params.namespace}/${req.params.name}`,
        by,
      ),
    );
  });
  router.get('/apis/:namespace/:name/operations', async (req, res) => {
    const by = await anyCaller(req);
    res.json(
      await service.getApiOperations(
        `api:${req.params.namespace}/${req.params.name}`,
        by,
      ),
    );
  });
  router.get('/approval-rules', async (req, res) => {
    res.json(await service.getApprovalRules(await anyCaller(req)));
  });
  router.get('/callers/:kind/:namespace/:name', async (req, res) => {
    const by = await anyCaller(req);
    const { kind, namespace, name } = req.params;
    res.json(await service.getCallerAccess(`${kind}:${namespace}/${name}`, by));
  });
  router.post('/previews', async (req, res) => {
    const by = await anyCaller(req);
    res.json(
      await admission.run(
        {
          kind: 'preview',
          by: subjectOf(by.credentials),
          signal: untilGone(res),
        },
        signal => service.preview(req.body, { ...by, signal }),
      ),
    );
  });
  router.post('/explanations', async (req, res) => {
    const by = await anyCaller(req);
    res.json(
      await admission.run(
        {
          kind: 'explanation',
          by: subjectOf(by.credentials),
          signal: untilGone(res),
        },
        signal => service.explain(req.body, { ...by, signal }),
      ),
    );
  });

  router.post('/requests', async (req, res) => {
    const by = await writer(req, anyCaller);
    res.status(201).json(await service.createRequest(req.body, by));
  });
  router.get('/grants/:id', async (req, res) => {
    const by = await anyCaller(req);
    res.json(await service.getGrant(req.params.id, req.query.api, by));
  });
  router.post('/grants/:id/renew', async (req, res) => {
    const by = await writer(req, anyCaller);
    res.status(201).json(await service.renewGrant(req.params.id, req.body, by));
  });
  router.post('/grants/:id/revoke', async (req, res) => {
    const by = await writer(req, anyCaller);
    res
      .status(201)
      .json(await service.revokeGrant(req.params.id, req.body, by));
  });
  router.get('/requests', async (req, res) => {
    const by = await anyCaller(req);
    const {
      tab,
      api,
      caller: callerRef,
      state,
      kind,
      system,
      q,
      sort,
      cursor,
      limit,
    } = req.query;
    res.json(
      await service.listRequests(
        {
          tab: tab ?? 'all',
          api,
          caller: callerRef,
          states: listOf<RequestState>(state),
          kinds: listOf<RequestKind>(kind),
          system,
          text: q,
          sort: SORTS[sort ?? 'risk'],
          cursor,
          limit: limitOf(limit),
        },
        by,
      ),
    );
  });
  router.get('/requests/:id', async (req, res) => {
    const by = await anyCaller(req);
    res.json(await service.getRequest(req.params.id, by));
  });
  router.post('/requests/:id/approve', async (req, res) => {
    const by = await writer(req);
    res.json(await service.approveRequest(req.params.id, req.body, by));
  });
  router.post('/requests/:id/reject', async (req, res) => {
    const by = await writer(req);
    res.json(await service.rejectRequest(req.params.id, req.body, by));
  });
  router.post('/requests/:id/withdraw', async (req, res) => {
    const by = await writer(req, anyCaller);
    res.json(await service.withdrawRequest(req.params.id, req.body, by));
  });

  router.post('/requests/:id/ask-change', async (req, res) => {
    const by = await writer(req);
    res.json(await service.askChange(req.params.id, req.body, by));
  });
  router.post('/requests/:id/revise', async (req, res) => {
    const by = await writer(req);
    res.json(await service.reviseRequest(req.params.id, req.body, by));
  });
  router.post('/requests/:id/comment', async (req, res) => {
    const by = await writer(req);
    res.json(await service.commentOnRequest(req.params.id, req.body, by));
  });
  router.post('/requests/decide', async (req, res) => {
    const by = await writer(req);
    res.json(await decideAll(service, req.body, by, { requests, logger }));
  });

  router.get('/reviews', async (req, res) => {
    const by = await caller(req);
    const { api, system, q, cursor, limit } = req.query;
    res.json(
      await service.listReviews(
        { api, system, text: q, cursor, limit: limitOf(limit) },
        by,
      ),
    );
  });
  router.post('/reviews/decide', async (req, res) => {
    const by = await writer(req);
    res.json(await decideReviews(service, req.body, by, { requests, logger }));
  });

  for (const kind of ['grants', 'decisions'] as const) {
    router.get(`/exports/${kind}`, async (req, res) => {
      const by = await caller(req);
      const { at, format = 'json' } = req.query;
      const evidence = await service.takeEvidence(kind, at, by);
      sendEvidence(evidence, format, res as unknown as express.Response);
    });
  }

  router.post('/requests/:id/blank-texts', async (req, res) => {
    const by = await caller(req);
    res.json(await service.blankTexts(req.params.id, by));
  });

  router.get('/proposals', async (req, res) => {
    const by = await anyCaller(req);
    const { state, waiting, cursor, limit } = req.query;
    res.json(
      await service.listProposals(
        {
          states: listOf<ProposalState>(state),
          waiting,
          cursor,
          limit: limitOf(limit),
        },
        by,
      ),
    );
  });
  router.get('/proposals/:id', async (req, res) => {
    const by = await anyCaller(req);
    res.json(await service.getProposal(req.params.id, by));
  });
  router.post('/proposals/:id/review', async (req, res) => {
    const by = await writer(req);
    res.json(await service.reviewProposal(req.params.id, req.body, by));
  });
  router.post('/proposals/:id/merge', async (req, res) => {
    const by = await writer(req);
    res.json(await service.mergeProposal(req.params.id, req.body, by));
  });

  router.get('/clusters', async (req, res) => {
    const by = await caller(req);
    res.json(await service.getClusters(by));
  });

  router.get('/break-glass', async (req, res) => {
    const by = await caller(req);
    res.json(await service.getBrokenGlass(by));
  });

  router.get('/imports', async (req, res) => {
    const by = await caller(req);
    res.json(await service.getImports(by));
  });
  router.get('/imports/:namespace/:name', async (req, res) => {
    const by = await caller(req);
    const { namespace, name } = req.params;
    res.json(await service.getImport(`api:${namespace}/${name}`, by));
  });
  router.post('/imports', async (req, res) => {
    const by = await caller(req);
    res.json(await service.openImports(req.body, by));
  });

  router.get('/claims', async (req, res) => {
    const by = await caller(req);
    res.json(await service.getClaims(by));
  });
  router.post(
    '/claims/:cluster/:namespace/:kind/:name/settle',
    async (req, res) => {
      const by = await caller(req);
      res.json(await service.settleClaim(targetOf(req.params), req.body, by));
    },
  );
  router.post(
    '/claims/:cluster/:namespace/:kind/:name/merge',
    async (req, res) => {
      const by = await caller(req);
      res.json(await service.mergeClaim(targetOf(req.params), req.body, by));
    },
  );

  router.post('/estates/:cluster', async (req, res) => {
    const credentials = await httpAuth.credentials(
      req as unknown as express.Request,
      { allow: ['user', 'service'] },
    );
    const { cluster } = req.params;
    const intake = intakes.require(cluster, credentials);
    res.json(await pushes.take(intake, cluster, req.body, credentials));
  });

  // For the catalog, which shows every reader only what its own permissions let through.
  router.get('/declarations', async (req, res) => {
    const credentials = await httpAuth.credentials(
      req as unknown as express.Request,
      { allow: ['service'] },
    );
    // Those of clusters say what runs there, and read nothing.
    if (intakes.isAgent(credentials)) services.require(credentials);
    const { source, policies } = await desk.snapshot();
    res.json({
      commit: source.commit ?? '',
      branch: source.branch,
      items: policies.map(({ file, text }) => ({ file, text })),
    });
  });
  const routes = express.Router();
  // Before the rest, which takes every error of a body for a 400.
  routes.use(estateBodies({ httpAuth, intakes, pushes }), router);
  return routes;
}

function targetOf(params: {
  cluster: string;
  namespace: string;
  kind: string;
  name: string;
}): ClaimTarget {
  const { cluster, namespace, kind, name } = params;
  return { cluster, workload: `${namespace}/${kind}/${name}` };
}

/** Says when whoever asked has gone, so that nothing more is worked out for them. */
function untilGone(res: {
  writableEnded: boolean;
  once(event: 'close', listener: () => void): unknown;
}): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableEnded) gone.abort();
  });
  return gone.signal;
}

function keyOf(headers: Record<string, unknown>): string | undefined {
  const key = headers['idempotency-key'];
  if (key !== undefined && (typeof key !== 'string' || key.length > 200)) {
    throw new InputError(
      'Idempotency-Key must be one text of at most 200 characters',
    );
  }
  return key;
}

function listOf<T extends string>(value: unknown): T[] | undefined {
  return value === undefined
    ? undefined
    : ((Array.isArray(value) ? value : [value]) as T[]);
}

function limitOf(value: unknown): number {
  const limit = value === undefined ? PAGE : Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new InputError('limit must be a number from 1 to 100');
  }
  return limit;
}
