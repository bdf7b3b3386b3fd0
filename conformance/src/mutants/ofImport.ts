import { Mutant, mutant } from './Mutant';

/** Faults about importing policies by hand: the demo company, which is always here, has to show each. */
export const OF_IMPORT: readonly Mutant[] = [
  mutant(
    'import-says-all-can-go',
    'onboard/handWritten.ts',
    'canGo: changes.length === 0,',
    'canGo: true,',
  ),
  mutant(
    'import-lists-no-change',
    'onboard/onboard.ts',
    '    changes,\n    refusedTwice,',
    '    changes: [],\n    refusedTwice,',
  ),
  mutant(
    'import-lists-no-gain',
    'onboard/accessChanges.ts',
    '...gained.map(edge',
    '...gained.slice(gained.length).map(edge',
  ),
  mutant(
    'import-lists-no-second-refusal',
    'onboard/accessChanges.ts',
    'refusedTwice: all.filter(isTwice)',
    'refusedTwice: all.filter(() => false)',
  ),
  mutant(
    'import-grants-to-nobody',
    'onboard/writeDrafts.ts',
    '    draft.grants.map((grant, index) => ({',
    '    draft.grants.slice(1).map((grant, index) => ({',
  ),
];
