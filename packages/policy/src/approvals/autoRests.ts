import { CelExpression } from '../guardrails/celExpression';
import { CallerClaim } from './types';

/** What says which entity the caller is: nobody else can be it, whatever its file says of itself. */
const IDENTITY: ReadonlySet<string> = new Set([
  'ref',
  'kind',
  'namespace',
  'name',
]);
/** What the caller's file says of itself, and what is asked of others before it counts. */
const CONFIRMED: Readonly<Record<string, CallerClaim>> = {
  system: 'caller-system',
  owners: 'caller-owners',
};

/**
 * What of the caller an automatic rule rests on. Whoever asks for access owns
 * the caller, and its catalog file is written by its own team: tags, labels,
 * annotations, type, lifecycle and title may say whatever gets the request
 * through, so a rule that reads them approves nothing by itself.
 *
 * @returns the claims that have to be confirmed, or the fields it must not read
 */
export function autoRestsOn(
  when: Pick<CelExpression, 'reads'>,
): { claims: CallerClaim[] } | { refused: string[] } {
  const fields = [...when.reads('caller')].sort();
  const refused = fields.filter(
    field => !IDENTITY.has(field) && !Object.hasOwn(CONFIRMED, field),
  );
  return refused.length > 0
    ? { refused }
    : {
        claims: fields.flatMap(field =>
          Object.hasOwn(CONFIRMED, field) ? [CONFIRMED[field]] : [],
        ),
      };
}
