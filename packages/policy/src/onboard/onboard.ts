import { ImportBook } from './ImportBook';
import type { OnboardInput, Onboarding } from './types';

/**
 * Writes AccessPolicies for APIs that hand-written policies close today, so that nobody can call more or less: what is
 * generated from them is put beside everything that is there, and both worlds are compared as a whole. An API of which that
 * is not so is left out with the differences. Nothing is guessed: what is conditional is not taken for allowed, and a caller
 * that no entity or several stand for stays with the objects that let it call.
 *
 * @public
 */
export function onboard(input: OnboardInput): Onboarding {
  return ImportBook.of(input).onboard(input);
}
