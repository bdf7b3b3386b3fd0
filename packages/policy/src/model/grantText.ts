import { stringify } from 'yaml';
import { formatCallerRef, parseCallerRef } from './callerRef';
import { Grant, GrantEnds, GrantOperation } from './types';

function orderedOperation(operation: GrantOperation): GrantOperation {
  if ('http' in operation)
    return {
      http: { methods: operation.http.methods, paths: operation.http.paths },
    };
  return operation;
}

/** A grant with its fields in the order in which they are written, and none that says nothing. */
export function orderedGrant(grant: Grant): Partial<Grant> {
  const caller = parseCallerRef(grant.caller, 'default');
  const entries: [keyof Grant, unknown][] = [
    ['id', grant.id],
    ['caller', caller ? formatCallerRef(caller) : grant.caller],
    ['in', grant.in],
    ['operations', grant.operations.map(orderedOperation)],
    ['reason', grant.reason],
    ['requestedBy', grant.requestedBy],
    ['approvedBy', grant.approvedBy],
    ['request', grant.request],
    ['until', grant.until],
    ['breakGlass', grant.breakGlass],
    ['acknowledges', grant.acknowledges],
    ['members', grant.members],
    [
      'ends',
      grant.ends && {
        caller: grant.ends.caller,
        provider: grant.ends.provider,
      },
    ],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** A grant as an item of a list in block style, ending with a line end. */
export function grantText(
  grant: Grant,
  indent: number,
  lineEnd: string,
): string {
  return indented([orderedGrant(grant)], indent, lineEnd);
}

/** The field `ends` of a grant as lines of its own, ending with a line end. */
export function endsText(
  { caller, provider }: GrantEnds,
  indent: number,
  lineEnd: string,
): string {
  return indented({ ends: { caller, provider } }, indent, lineEnd);
}

function indented(value: unknown, indent: number, lineEnd: string): string {
  const prefix = ' '.repeat(indent);
  const text = stringify(value, { lineWidth: 0 })
    .split('\n')
    .map(line => (line === '' ? '' : prefix + line))
    .join('\n');
  return lineEnd === '\n' ? text : text.replace(/\n/g, lineEnd);
}
