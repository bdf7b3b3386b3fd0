import { randomCompany } from '../worlds/randomCompany';
import { isGrpc } from '../worlds/richerWorld';
import { idOf } from '../worlds/types';
import { Acceptance } from './Acceptance';
import { compilationOf } from './generation';

const COMPANIES = Array.from({ length: 60 }, (_, index) => {
  const company = randomCompany(index + 1);
  return { company, compilation: compilationOf(company) };
});

describe('What is generated of each kind of grant', () => {
  it('is as much as it was', () => {
    const acceptance = new Acceptance();
    for (const { company, compilation } of COMPANIES)
      acceptance.add(company, compilation);

    expect(acceptance.tooLittle()).toEqual([]);
  });

  it('is too little where one kind is refused that was not, and the row says which', () => {
    const acceptance = new Acceptance();
    for (const { company, compilation } of COMPANIES) {
      const grpc = company.world.workloads.filter(isGrpc).map(idOf);
      const edges = compilation.plan.edges.filter(
        ({ to, api }) => !grpc.includes(to.id) || !api.endsWith('-http'),
      );
      acceptance.add(company, {
        ...compilation,
        plan: { ...compilation.plan, edges },
      });
    }

    expect(acceptance.tooLittle().join()).toContain(
      'grants "gRPC, acknowledged" 0',
    );
  });
});
