import { planYaml } from './__testUtils__/planYaml';
import { workload } from './__testUtils__/yaml';
import { chooseSelector } from './chooseSelector';

function choose(
  workloads: Record<string, Record<string, string>>,
  sharing: string[] = [],
) {
  const estate = Object.entries(workloads).map(([name, labels]) =>
    workload(name, { labels }),
  );
  const [cluster] = planYaml({
    catalog: ['{ apiVersion: a, kind: Group, metadata: { name: g } }'],
    policies: [],
    estate: { prod: estate },
  }).input.clusters;
  const [first] = Object.keys(workloads);
  const subject = cluster.workloads.find(({ name }) => name === first);
  if (!subject) throw new Error('no such workload');
  return chooseSelector(
    cluster,
    subject,
    new Set(sharing.map(name => `shop/Deployment/${name}`)),
  );
}

describe('chooseSelector', () => {
  it('takes what the controller selects by where that is enough', () => {
    expect(choose({ a: { app: 'a', team: 't' }, b: { app: 'b' } })).toEqual({
      selector: { app: 'a' },
    });
  });

  it('adds the label that tells the others apart', () => {
    expect(
      choose({
        a: { app: 'x', team: 't', tier: 'web' },
        b: { app: 'x', team: 't', tier: 'db' },
      }),
    ).toEqual({ selector: { app: 'x', tier: 'web' } });
  });

  it('uses labels that change with a release only when nothing else helps', () => {
    expect(
      choose({
        a: { app: 'x', version: 'v1', zone: '1' },
        b: { app: 'x', version: 'v2', zone: '2' },
      }),
    ).toEqual({ selector: { app: 'x', zone: '1' } });
    expect(
      choose({
        a: { app: 'x', version: 'v1' },
        b: { app: 'x', version: 'v2' },
      }),
    ).toEqual({ selector: { app: 'x', version: 'v1' } });
  });

  it('never uses labels that controllers generate', () => {
    expect(
      choose({
        a: { app: 'x', 'pod-template-hash': '1' },
        b: { app: 'x', 'pod-template-hash': '2' },
      }),
    ).toEqual({ others: ['shop/Deployment/b'] });
  });

  it('names the others when they have all the labels and more', () => {
    expect(choose({ a: { app: 'x' }, b: { app: 'x', extra: '1' } })).toEqual({
      others: ['shop/Deployment/b'],
    });
  });

  it('may select workloads that share the access', () => {
    expect(
      choose({ a: { app: 'x' }, b: { app: 'x', extra: '1' } }, ['b']),
    ).toEqual({ selector: { app: 'x' } });
  });

  it('never is empty: pods without labels cannot be selected', () => {
    expect(choose({ a: {} })).toEqual({ others: [] });
    expect(choose({ a: { team: 't' } })).toEqual({ selector: { team: 't' } });
  });
});
