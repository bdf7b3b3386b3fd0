import fc from 'fast-check';
import { compile, loadManifests, verify, withGenerated } from '../index';
import { build, company } from '../plan/__testUtils__/company';

describe('whatever is declared without an error', () => {
  it('is what the independent evaluator finds, no more and no less', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        company.filter(({ mode, closed }) => mode === 'enforce' || !closed),
        declared => {
          const input = build(declared);
          const compilation = compile(input);
          const result = verify({
            plan: compilation.plan,
            clusters: input.clusters.map(cluster =>
              withGenerated(cluster, loadManifests(compilation.files).objects),
            ),
          });
          compared += compilation.plan.edges.length;
          expect({
            missing: result.missing.map(({ text, from, to }) => [
              from,
              to,
              text,
            ]),
            surplus: result.surplusOurs.map(({ text, from, to }) => [
              from,
              to,
              text,
            ]),
          }).toEqual({ missing: [], surplus: [] });
        },
      ),
      { numRuns: 80 },
    );
    expect(compared).toBeGreaterThan(0);
  });
});
