/** What a proof found out: figures to read, and what has to be so. */
export class Told {
  readonly failed: string[] = [];
  passed = 0;

  constructor(private readonly print: (line: string) => void) {}

  figure(what: string, is: string): void {
    this.print(`  ${what}: ${is}`);
  }

  check(what: string, isSo: boolean, otherwise = ''): void {
    if (isSo) this.passed += 1;
    else this.failed.push(what);
    this.print(
      isSo
        ? `ok      ${what}`
        : `FAILED  ${what}${otherwise && `: ${otherwise}`}`,
    );
  }
}
