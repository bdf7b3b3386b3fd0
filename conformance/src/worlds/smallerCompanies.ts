import { Company, companyWith, kindOf } from './randomCompany';
import { WorldCall } from './types';

/** Companies with fewer calls to ask about, fewer grants or fewer declarations. */
export function* smallerCompanies(
  company: Company,
  calls: readonly WorldCall[],
): Generator<{ company: Company; calls: readonly WorldCall[] }> {
  if (calls.length > 1) {
    const half = Math.ceil(calls.length / 2);
    yield { company, calls: calls.slice(0, half) };
    yield { company, calls: calls.slice(half) };
    return;
  }
  const { declared, grants } = company;
  for (const left of declared)
    yield {
      company: companyWith(company, {
        declared: declared.filter(each => each !== left),
        grants: grants.filter(
          ({ provider, access }) =>
            provider !== left.provider || left.kind !== kindOf(access),
        ),
      }),
      calls,
    };
  for (const left of grants)
    yield {
      company: companyWith(company, {
        declared,
        grants: grants.filter(each => each !== left),
      }),
      calls,
    };
}
