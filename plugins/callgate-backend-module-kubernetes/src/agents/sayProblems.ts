/** Problems of one cluster that are shown, and characters of each. */
const MOST = 20;
const LONGEST = 1_000;

/**
 * What an agent says is wrong, as sentences about its cluster: whose words they are, in one line, and not longer than people
 * read. Control characters, and marks that are not seen or turn around what follows, become blanks.
 */
export function sayProblems(
  cluster: string,
  problems: readonly string[],
): string[] {
  return problems.slice(0, MOST).map(problem => {
    const line = problem.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
    const short = line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line;
    return `The agent of the cluster ${cluster} says: ${short}`;
  });
}
