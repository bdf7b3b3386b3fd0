import { contractOf, type Meaning } from '@callgate/policy';
import { isMeaning, readJson } from '../../database/storedJson';
import { accessCase, labelOf } from './__testUtils__/accessCase';
import { Discretion } from './Discretion';
import { toMeaning } from './meaning';

const API = 'api:default/orders';

/** As requests were stored before edges of a meaning had anything but labels of their operations. */
const stored = (operations: string[], text: string) => `{
  "api": "${API}",
  "gained": [{
    "caller": "component:default/checkout", "api": "${API}", "grantIds": ["r7"],
    "operations": ${JSON.stringify(operations)},
    "clusters": [{
      "cluster": "prod", "from": ["shop/Deployment/checkout"], "to": ["shop/Deployment/orders"],
      "protocol": "TCP", "ports": [8080],
      "layers": { "kernel": "enforced", "identity": "enforced", "method": "enforced" }
    }],
    "text": "checkout → ${operations.join(', ')} of orders"
  }],
  "lost": [], "unchangedCount": 0, "layersByCluster": [], "flips": [], "plumbing": [], "findings": [],
  "text": "${text}",
  "digest": "sha256:a", "content": {}
}`;

describe('a meaning that was stored before operations were structures', () => {
  const { facts, discretion } = accessCase('operation-id-like-a-port');
  const contract = contractOf(facts.entity(API), API);
  const shown = (operations: string[], text = 'Told then.') =>
    toMeaning(
      readJson<Meaning>(stored(operations, text), isMeaning)!,
      contract,
      labelOf,
      discretion,
    );

  it('is shown with the operations whose ids the definition has', () => {
    const { gained, text } = shown(['TCP 80', 'createOrder']);
    expect(gained[0].operations).toMatchObject([
      { id: 'TCP 80', kind: 'http', method: 'GET', path: '/orders' },
      { id: 'createOrder', method: 'POST', path: '/orders', writes: true },
    ]);
    expect(text).toBe('Opens checkout → GET /orders, POST /orders of orders.');
  });

  it('is shown in its own words where these are no ids, and nothing is made of them', () => {
    const { gained, text } = shown(['GET,POST /orders', 'TCP 5432']);
    expect(gained[0].operations).toEqual([
      { kind: 'http', id: 'GET,POST /orders', writes: true },
      { kind: 'http', id: 'TCP 5432', writes: true },
    ]);
    expect(text).toBe('Opens checkout → GET,POST /orders, TCP 5432 of orders.');
  });
});

describe('the operations of a meaning', () => {
  const { facts, discretion } = accessCase('operation-id-like-a-port');
  const contract = contractOf(facts.entity(API), API);

  it('are told as they were approved, not as the words or the definition would have them now', () => {
    const meaning = readJson<Meaning>(stored(['TCP 80'], ''), isMeaning)!;
    const calls = [
      { kind: 'http', method: 'PUT', path: '/all', writes: true },
    ] as const;
    const { gained, text } = toMeaning(
      { ...meaning, gained: [{ ...meaning.gained[0], calls }] },
      contract,
      labelOf,
      discretion,
    );
    expect(gained[0].operations).toEqual(calls);
    expect(text).toBe('Opens checkout → PUT /all of orders.');
  });
});

describe('whom a change cuts', () => {
  const { facts } = accessCase('caller-on-host-network');
  const RECORDS = 'api:default/records';
  const cut = (workload: string) => ({
    ...{ workload, entities: [], reasons: [], example: '' },
  });
  const meaning = {
    ...readJson<Meaning>(stored(['TCP 80'], ''), isMeaning)!,
    api: RECORDS,
    flips: [
      {
        cluster: 'prod',
        workload: 'shop/Deployment/db',
        direction: 'ingress',
        layer: 'kernel',
        cut: ['shop/Job/one', 'shop/Job/two', 'shop/Deployment/cart'].map(cut),
      },
    ],
  } as unknown as Meaning;
  const flipsFor = (hidden: string[]) =>
    toMeaning(
      meaning,
      contractOf(facts.entity(RECORDS), RECORDS),
      labelOf,
      Discretion.of(facts, hidden),
    ).flips;

  it('is one number for every reader: what they may not see counts, and is not named', () => {
    expect(flipsFor([])).toMatchObject([
      {
        cutWorkloads: ['shop/Deployment/cart', 'shop/Job/one', 'shop/Job/two'],
      },
    ]);
    expect(flipsFor([])[0]).not.toHaveProperty('cutUnseen');
    // Jobs that are gone are nobody's that this reader is known to see.
    expect(flipsFor(['component:default/cache'])).toMatchObject([
      { cutWorkloads: ['shop/Deployment/cart'], cutUnseen: 2 },
    ]);
  });
});
