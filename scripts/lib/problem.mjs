/** A failure that a person can do something about: what happened, and what to do. */
export class Problem extends Error {
  constructor(message, advice) {
    super(message);
    this.name = 'Problem';
    this.advice = advice;
  }
}

export function printProblem(error) {
  if (error instanceof Problem) {
    process.stderr.write(`\n✗ ${error.message}\n`);
    if (error.advice) {
      process.stderr.write(`  ${error.advice.replaceAll('\n', '\n  ')}\n`);
    }
  } else {
    process.stderr.write(`\n✗ ${error.stack ?? error}\n`);
  }
}
