import { finished } from 'node:stream/promises';
import { Writable } from 'node:stream';
import type { Evidence, GrantEvidence } from './types';
import { writeCsv } from './writeCsv';
import { writeJson } from './writeJson';

const HEAD = {
  kind: 'grants',
  at: '2027-03-01T00:00:00.000Z',
  madeAt: '2027-03-01T00:00:00.000Z',
} as const;

function grant(change: Partial<GrantEvidence> = {}): GrantEvidence {
  return {
    api: 'api:default/orders',
    caller: 'component:default/checkout',
    grant: 'a',
    operations: ['listOrders'],
    clusters: [],
    acknowledges: [],
    approvedBy: [],
    decisions: [],
    ...change,
  };
}

async function* rowsOf(count: number, taken: { count: number }) {
  for (let at = 0; at < count; at++) {
    taken.count += 1;
    yield grant({ grant: `grant-${at}` });
  }
}

const evidence = (rows: AsyncIterable<GrantEvidence>): Evidence => ({
  head: HEAD,
  rows,
  end: () => ({ rows: 1, leftOut: 0, unreadable: 0 }),
});

async function cellsOf(reason: string): Promise<string> {
  async function* one() {
    yield grant({ reason });
  }
  let text = '';
  for await (const part of writeCsv(evidence(one()))) text += part;
  return text;
}

describe('CSV', () => {
  it.each([
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@A1', `"'@A1"`],
    ['\t=1', `"'\t'=1"`],
    ['\r=1', `"'\r'=1"`],
    ['\uFF1D1+1', `"'\uFF1D1+1"`],
    // Where semicolons or tabs separate.
    ['a;=1+1', `"a;'=1+1"`],
    ['a; "=1+1', `"a; ""'=1+1"`],
    ['a\n=1+1', `"a\n'=1+1"`],
    // What is no formula stays as it is.
    ['a=1, b-2; c', '"a=1, b-2; c"'],
    ['"', '""""'],
    ['Grüße 🚀', '"Grüße 🚀"'],
  ])('makes a text of %j', async (reason, cell) => {
    expect(await cellsOf(reason)).toContain(`,${cell},`);
  });

  it('takes rows as they are read: 10,000 are never there at once', async () => {
    const taken = { count: 0 };
    const csv = writeCsv(evidence(rowsOf(10_000, taken)));
    const ahead: number[] = [];
    let records = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _encoding, done) {
        records += String(chunk).split('\r\n').length - 1;
        ahead.push(taken.count - records);
        setImmediate(done);
      },
    });
    csv.pipe(slow);
    await finished(slow);
    expect(taken.count).toBe(10_000);
    // Buffers are counted in bytes: some hundred rows on each side. The header and the last record are none of them.
    expect(records).toBe(10_002);
    expect(Math.max(...ahead)).toBeLessThan(2_000);
  });

  it('breaks off with the error where a row cannot be read', async () => {
    async function* broken() {
      yield grant();
      throw new Error('The database went away');
    }
    const read = async () => {
      for await (const part of writeCsv(evidence(broken()))) String(part);
    };
    await expect(read()).rejects.toThrow('The database went away');
  });
});

it('is no JSON until its last row was read', async () => {
  const parts: string[] = [];
  for await (const part of writeJson(evidence(rowsOf(3, { count: 0 }))))
    parts.push(part);
  expect(() => JSON.parse(parts.slice(0, -1).join(''))).toThrow();
  expect(JSON.parse(parts.join(''))).toEqual({
    schemaVersion: 1,
    ...HEAD,
    items: [0, 1, 2].map(at => grant({ grant: `grant-${at}` })),
    rows: 1,
    leftOut: 0,
    unreadable: 0,
  });
});
