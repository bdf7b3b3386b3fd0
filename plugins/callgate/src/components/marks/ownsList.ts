/**
 * Names the list of an Autocomplete for its combobox. Material UI 4 says it as ARIA 1.0 does, with `aria-owns` alone; since ARIA 1.1 an
 * expanded combobox has to have `aria-controls`.
 *
 * @param id - of the Autocomplete
 */
export function ownsList(id: string): { 'aria-controls': string } {
  return { 'aria-controls': `${id}-popup` };
}
