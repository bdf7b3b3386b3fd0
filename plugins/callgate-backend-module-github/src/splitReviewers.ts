const LOGIN = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d]))*$/i;

/** Logins, and teams written `team:<slug>`. Entity refs of the catalog are nobody whom GitHub knows. */
export function splitReviewers(reviewers: readonly string[]): {
  people: string[];
  teams: string[];
} {
  const teams = reviewers.flatMap(
    name => /^team:(?:[^/]+\/)?([\w.-]+)$/.exec(name)?.[1] ?? [],
  );
  return { people: reviewers.filter(name => LOGIN.test(name)), teams };
}
