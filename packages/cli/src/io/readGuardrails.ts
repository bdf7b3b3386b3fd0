import { parseGuardrails, type CompiledGuardrail } from '@callgate/policy';
import { oneLineFinding } from '../output/findingLines';
import { UsageError } from '../UsageError';
import { readSourceFile } from './readSourceFiles';

/**
 * Reads the rules of the platform team; none without a path.
 *
 * @throws UsageError with file, line and reason when one does not compile or
 * its own examples fail: a rule is never left out.
 */
export function readGuardrails(
  path: string | undefined,
  cwd: string,
): readonly CompiledGuardrail[] {
  if (path === undefined) return [];
  const file = readSourceFile(path, { cwd, option: '--rules' });
  const { guardrails, findings } = parseGuardrails(file);
  if (!guardrails) {
    throw new UsageError(
      `the rules are not usable: ${findings.map(oneLineFinding).join('; ')}`,
    );
  }
  return guardrails;
}
