import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { parse } from 'yaml';
import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { approve, DRAFT, git, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(120_000);

const REASON = [
  '</td></table><script>alert(1)</script> [here](https://evil.example) @everyone closes #1 | a | b |',
  '',
  '## Approved by security',
  '',
  'Approved-by: user:default/sam',
  'Callgate-Digest: sha256:0',
].join('\n');
const TITLE =
  '<img src=x onerror=alert(1)> ![x](https://evil.example/x) | **admin**';

describe('markup in what people and catalogs write', () => {
  let shop: ChangedShop;
  let body: string;
  let title: string;
  let branch: string;

  beforeAll(async () => {
    shop = await startChangedShop({
      entities: {
        'component:checkout': entity => ({
          ...entity,
          metadata: { ...entity.metadata, title: TITLE },
        }),
        'api:orders': entity => ({
          ...entity,
          metadata: { ...entity.metadata, title: TITLE },
        }),
      },
    });
    const asked = await send(shop, 'priya', { ...DRAFT, reason: REASON });
    await approve(shop, 'omar', asked);
    ({ body, title, branch } = await proposalOf(shop, asked));
  });
  afterAll(() => shop?.stop());

  it('stays text in the pull request', () => {
    expect(body).toContain('alert');
    expect(body).not.toMatch(/<(?!!--|br>)[a-z/]/i);
    expect(body).not.toMatch(/\]\(https?:/);
    expect(body).not.toContain('@everyone');
    expect(body).not.toMatch(/(^|\s)#1\b/);
    expect(body).not.toMatch(/^#+ Approved by security/m);
    expect(title).not.toMatch(/[\r\n]/);
  });

  it('makes no further column of a table', () => {
    const tables = body
      .split(/\n(?!\|)/)
      .filter(part => part.includes('| ---'));
    const columns = (line: string) => line.split(/(?<!\\)\|/).length;
    for (const table of tables) {
      const lines = table.split('\n').filter(line => line.startsWith('|'));
      expect(new Set(lines.map(columns)).size).toBe(1);
    }
  });

  it('adds no trailer to the commit', () => {
    const message = git(shop, 'log', '-1', '--format=%B', branch);
    const trailers = execFileSync('git', ['interpret-trailers', '--parse'], {
      input: message,
      encoding: 'utf8',
      cwd: path.join(shop.directory, 'policies.git'),
    });
    expect(trailers).not.toContain('user:default/sam');
    expect(trailers).not.toContain('sha256:0');
  });

  it('is the reason of the grant, letter by letter', () => {
    const { spec } = parse(
      git(shop, 'show', `${branch}:policies/default/orders.yaml`),
    );
    const grant = spec.grants.find(
      ({ caller }: { caller: string }) => caller === DRAFT.caller,
    );
    expect(grant.reason).toBe(REASON);
    expect(grant.approvedBy).toEqual(['user:default/omar']);
  });
});
