/**
 * Says what is wrong with the shape of a value, in one clause about its place.
 *
 * @param message - of the schema library, which speaks of an input where a
 * person sees a field, or of our own schemas, which go on after the field
 * @param joint - stands between the place and what is not the library's
 */
export function shapeMessage(
  place: string,
  message: string,
  joint = ' ',
): string {
  const expected = /^[A-Z][a-z]+(?: [a-z]+)*: (expected .+)$/s.exec(message);
  return expected
    ? `${place}: ${expected[1].replace(', received ', ', found ')}`
    : `${place}${joint}${message}`;
}
