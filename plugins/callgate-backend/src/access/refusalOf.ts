/** The error that a check throws; `undefined` where it throws none. */
export function refusalOf(check: () => unknown): Error | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
