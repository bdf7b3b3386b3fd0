/** A sentence to which another one is added. */
export function withFullStop(sentence: string): string {
  return sentence.at(-1) === '.' ? sentence : `${sentence}.`;
}
