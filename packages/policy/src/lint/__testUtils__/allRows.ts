import { LintRow } from './LintRow';
import { ambientRows } from './ambientRows';
import { causeRows } from './causeRows';
import { edgeRows } from './edgeRows';
import { httpRows } from './httpRows';
import { identityRows } from './identityRows';
import { istioRows } from './istioRows';
import { networkRows } from './networkRows';
import { platformRows } from './platformRows';

/** Every case of a check. */
export const allRows: readonly LintRow[] = [
  ...httpRows,
  ...ambientRows,
  ...causeRows,
  ...edgeRows,
  ...identityRows,
  ...istioRows,
  ...networkRows,
  ...platformRows,
];
