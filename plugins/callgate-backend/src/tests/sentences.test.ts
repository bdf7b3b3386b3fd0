import {
  contractOf,
  entityRefOf,
  FINDINGS,
  type CatalogEntity,
} from '@callgate/policy';
import type {
  AccessRequest,
  AccessRequestDraft,
  Finding,
  Meaning,
  Preview,
  Proposal,
} from '@callgate/plugin-callgate-common';
import { startShop, type RunningShop } from '../__testUtils__/startShop';

jest.setTimeout(300_000);

/**
 * Whoever asks, decides or merges reads sentences: with titles of entities and operations as written. Ids of workloads, refs,
 * codes, selectors and positions in objects are for those who look for them, under Details.
 */

type Operations = AccessRequestDraft['operations'];
const offered = (...ids: string[]): Operations => ids.map(id => ({ id }));
const port = (number: number): Operations => [{ tcp: { port: number } }];
const rpc = (service: string, method: string): Operations => [
  { grpc: { service, methods: [method] } },
];

/** Of each API of the demo something that can be granted or that cannot, and who asks and decides. */
const ASKED: {
  api: string;
  caller: string;
  by: string;
  operations: Operations;
  more?: Partial<AccessRequestDraft>;
}[] = [
  {
    api: 'orders',
    caller: 'checkout',
    by: 'priya',
    operations: offered('listOrders', 'getOrder'),
  },
  {
    api: 'orders',
    caller: 'cart',
    by: 'cora',
    operations: offered('listOrders'),
    more: { in: [] },
  },
  {
    api: 'inventory',
    caller: 'invoicing',
    by: 'omar',
    operations: offered('listStock'),
  },
  {
    api: 'payments',
    caller: 'care-desk',
    by: 'carmen',
    operations: offered('getPayment'),
  },
  {
    api: 'pricing',
    caller: 'web',
    by: 'cora',
    operations: rpc('shop.pricing.v1.Pricing', 'GetPrice'),
  },
  {
    api: 'shipping',
    caller: 'care-desk',
    by: 'carmen',
    operations: offered('getParcel'),
  },
  { api: 'customers', caller: 'checkout', by: 'priya', operations: port(8080) },
  {
    api: 'customers',
    caller: 'checkout',
    by: 'priya',
    operations: [{ http: { methods: ['GET'], paths: ['/customers'] } }],
  },
  {
    api: 'catalogue',
    caller: 'web',
    by: 'cora',
    operations: offered('listProducts'),
  },
  {
    api: 'recommendations',
    caller: 'trends',
    by: 'ivan',
    operations: rpc('shop.recommendations.v1.Recommendations', 'ForProducts'),
  },
  { api: 'orders-db', caller: 'invoicing', by: 'omar', operations: port(5432) },
  {
    api: 'warehouse',
    caller: 'inventory',
    by: 'felix',
    operations: offered('getWave'),
  },
  { api: 'sorting', caller: 'picking', by: 'felix', operations: port(9100) },
  {
    api: 'card-acquirer',
    caller: 'ledger',
    by: 'paula',
    operations: offered('listPayouts'),
  },
  {
    api: 'warehouse',
    caller: 'picking',
    by: 'felix',
    operations: offered('getWave'),
  },
];

/** What must not stand in a sentence. */
function termsIn(text: string, operationIds: ReadonlySet<string>): string[] {
  const found = [
    /\b[a-z0-9-]+\/[A-Z][A-Za-z]+\/[a-z0-9.-]+/,
    /\b(?:api|component|resource|system|domain|group|user|gateway):[a-z0-9-]+\/[\w.-]+/i,
    /\b[\w./-]+=[\w.-]+/,
    /\b(?:ingress|egress|rules|from|to)\[\d+\]/,
    /\backnowledge\b/i,
    /\b(?:NetworkPolicy|AuthorizationPolicy|PeerAuthentication) [a-z0-9-]+\/[a-z0-9-]+/,
    /file:\//,
  ].flatMap(pattern => pattern.exec(text) ?? []);
  const codes = [
    ...Object.keys(FINDINGS),
    'identity-not-enforced',
    'method-not-enforced',
    'shared-service-account',
  ].filter(code => text.includes(code));
  const ids = (text.match(/\b[a-z]+[A-Z][A-Za-z]+\b/g) ?? []).filter(word =>
    operationIds.has(word),
  );
  return [...found, ...codes, ...ids];
}

const ofFindings = (findings: readonly Finding[]) =>
  findings.flatMap(({ title, message, fix = '' }) => [title, message, fix]);

const ofMeaning = (meaning: Meaning) => [
  meaning.text,
  ...meaning.plumbing,
  ...ofFindings(meaning.findings),
];

function ofPreview({ meaning, findings, send }: Preview): string[] {
  return [...ofMeaning(meaning), ...ofFindings(findings), send.reason ?? ''];
}

function ofRequest(request: AccessRequest): string[] {
  const { meaning, findings, timeline, problem } = request;
  return [
    request.summary,
    request.reason,
    request.waitsFor,
    ...ofMeaning(meaning),
    ...ofFindings(findings),
    ...[request.approve, request.reject].map(({ reason = '' }) => reason),
    ...timeline.map(({ reason = '' }) => reason),
    problem?.text ?? '',
  ];
}

function ofProposal(proposal: Proposal): string[] {
  const { title, body, checks, requests, problem = '', meaning } = proposal;
  const [told] = body.split('\n### Details');
  return [
    title,
    told,
    ...checks.map(({ text }) => text),
    ...requests.map(({ summary }) => summary),
    problem,
    ...ofMeaning(meaning),
  ];
}

describe('what people of the demo read before they ask, decide and merge', () => {
  let shop: RunningShop;
  let operationIds: Set<string>;
  beforeAll(async () => {
    shop = await startShop();
    operationIds = new Set(
      shop.entities
        .filter(({ kind }) => kind === 'API')
        .map(entity => entity as CatalogEntity)
        .flatMap(entity => contractOf(entity, entityRefOf(entity)).operations)
        .filter(({ kind }) => kind === 'http')
        .map(({ id }) => id)
        .filter(id => /[A-Z]/.test(id)),
    );
  });
  afterAll(() => shop?.stop());

  const read = async (path: string) => (await shop.as('petra').get(path)).body;

  it('names no id, code or selector outside Details', async () => {
    const sentences: { of: string; text: string }[] = [];
    const keep = (of: string, texts: readonly string[]) =>
      texts.filter(Boolean).forEach(text => sentences.push({ of, text }));
    const sent: AccessRequest[] = [];
    const [shown, carried]: [string, number][][] = [[], []];
    let blocked = 0;
    for (const { api, caller, by, operations, more } of ASKED) {
      const draft = {
        api: `api:default/${api}`,
        caller: `component:default/${caller}`,
        operations,
        in: ['prod-eu'],
        reason: 'It is wanted',
        ...more,
      };
      const person = shop.as(by);
      const { body: preview } = await person.post('/previews', draft);
      keep(`preview of ${caller} to ${api}`, ofPreview(preview));
      if (preview.send.allowed) {
        const { body } = await person.post('/requests', {
          ...draft,
          digest: preview.digest,
        });
        if (body.id) sent.push(body);
      } else {
        blocked += 1;
      }
    }
    for (const { id } of sent) {
      for (const person of shop.entities.filter(
        ({ kind }) => kind === 'User',
      )) {
        const { name } = person.metadata;
        const page = (await shop.as(name).get(`/requests/${id}`)).body;
        if (page.approve?.allowed)
          await shop.as(name).post(`/requests/${id}/approve`, {
            digest: page.currentDigest,
            version: page.version,
          });
      }
    }
    // Proposals are built in the background.
    const isBuilt = async () => {
      const { items } = await read('/requests?tab=all&limit=50');
      return items.every(({ state }: AccessRequest) => state !== 'approved');
    };
    for (let round = 0; round < 200 && !(await isBuilt()); round += 1)
      await new Promise(resolve => setTimeout(resolve, 250));
    const requests: { items: { id: string }[] } = await read(
      '/requests?tab=all&limit=50',
    );
    for (const { id } of requests.items)
      keep(`request ${id}`, ofRequest(await read(`/requests/${id}`)));
    const proposals: { items: Proposal[] } = await read('/proposals?limit=50');
    for (const { id } of proposals.items) {
      const proposal: Proposal = await read(`/proposals/${id}`);
      keep(`proposal ${proposal.title}`, ofProposal(proposal));
      if (proposal.requests.length === 1 && proposal.state === 'open') {
        const request = await read(`/requests/${proposal.requests[0].id}`);
        shown.push([proposal.title, request.files.length]);
        carried.push([proposal.title, proposal.files.length]);
      }
    }
    // The requester and whoever merges read of as many files.
    expect(shown).toEqual(carried);
    expect(shown.length).toBeGreaterThan(4);
    // All of it was there to be read.
    expect(blocked).toBeGreaterThan(1);
    expect(sent.length).toBeGreaterThan(7);
    expect(proposals.items.length).toBeGreaterThan(4);
    expect(sentences.length).toBeGreaterThan(150);

    expect(
      sentences
        .map(({ of, text }) => ({
          of,
          text,
          terms: termsIn(text, operationIds),
        }))
        .filter(({ terms }) => terms.length > 0),
    ).toEqual([]);
  });
});
