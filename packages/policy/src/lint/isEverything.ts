import { Selector, compileSelector } from '../evaluate/selector';

const EVERYTHING = compileSelector(undefined, [], []).key;

/** True for a selector that asks for no label. */
export function isEverything(selector: Selector): boolean {
  return selector.key === EVERYTHING;
}
