import { contractOf, type Meaning } from '@callgate/policy';
import { nothingShown } from '../database/storedJson';
import { describeChange } from './describeChange';

const beside = (count: number, name = 'guard'): Meaning => ({
  ...nothingShown({
    digest: 'sha256:a',
    api_ref: 'api:default/orders',
  } as Parameters<typeof nothingShown>[0]),
  others: Array.from({ length: count }, (_, index) => ({
    cluster: 'prod-eu',
    group: 'cilium.io',
    kind: 'CiliumNetworkPolicy',
    namespace: 'ordering',
    name: `${name}-${index}`,
    may: 'open-or-refuse',
    ends: ['ordering/Deployment/orders'],
  })),
});

const NAMER = { entity: (ref: string) => ref, workload: (id: string) => id };
const NO_CONTRACT = contractOf(undefined, 'api:default/orders');

const told = (meaning: Meaning) =>
  describeChange(meaning, NO_CONTRACT, NAMER).filter(text =>
    text.startsWith('### Policies of others'),
  );

describe('policies of others in a pull request', () => {
  it('are a section that says what is not judged, each policy once', () => {
    const [text] = told(beside(2));
    expect(text).toContain('Callgate does not judge what they say');
    expect(text.match(/guard\\?-0/g)).toHaveLength(1);
    expect(text.match(/guard\\?-1/g)).toHaveLength(1);
  });

  it('fold where there are many', () => {
    const [text] = told(beside(500));
    expect(text.split('\n').filter(line => line.startsWith('- '))).toHaveLength(
      11,
    );
    expect(text).toContain('… and 490 more');
  });

  it('are no section where there are none', () => {
    expect(told(beside(0))).toEqual([]);
  });

  it('have names that stay text', () => {
    const [text] = told(beside(1, '<img src=x> @everyone'));
    expect(text).not.toMatch(/<img|@everyone/);
  });
});
