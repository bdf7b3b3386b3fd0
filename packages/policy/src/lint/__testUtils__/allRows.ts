import { LintRow } from './LintRow';
import { ambientRows } from './ambientRows';
import { httpRows } from './httpRows';
import { identityRows } from './identityRows';
import { istioRows } from './istioRows';
import { networkRows } from './networkRows';
import { platformRows } from './platformRows';

/** Every case of a check. */
export const allRows: readonly LintRow[] = [
  ...httpRows,
  ...ambientRows,
  ...identityRows,
  ...istioRows,
  ...networkRows,
  ...platformRows,
];
