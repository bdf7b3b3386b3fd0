import { Contract, ContractDefect } from '../contract/types';
import { Finding } from '../findings';
import { parsePathPattern, pathPatternCovers } from '../model/pathPattern';
import { GrantOperation } from '../model/types';

function covers(granted: string, path: string): boolean {
  const [outer, inner] = [parsePathPattern(granted), parsePathPattern(path)];
  if ('problem' in outer || 'problem' in inner) return granted === path;
  return pathPatternCovers(outer.pattern, inner.pattern);
}

function touches(
  { path, operationId }: ContractDefect,
  operation: GrantOperation,
  contract: Contract,
): boolean {
  if ('id' in operation) {
    if (operationId !== undefined) return operationId === operation.id;
    const named = contract.operations.filter(({ id }) => id === operation.id);
    // An operation that nobody finds may be one of those that cannot be read.
    return named.length === 0 || named.some(each => each.path === path);
  }
  return (
    'http' in operation &&
    path !== undefined &&
    operation.http.paths.some(granted => covers(granted, path))
  );
}

/** What is wrong with a definition, as far as some operations of a grant need it: the rest concerns other grants. */
export function findingsFor(
  operations: readonly GrantOperation[],
  contract: Contract,
): Finding[] {
  const partial = new Map(
    contract.defects.map(defect => [defect.finding, defect]),
  );
  return contract.findings.filter(found => {
    const defect = partial.get(found);
    return (
      defect === undefined ||
      operations.some(operation => touches(defect, operation, contract))
    );
  });
}
