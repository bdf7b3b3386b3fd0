/** A glob as a regular expression: `*` and `?` within a name, `**` across folders. */
function expressionOf(glob: string): RegExp {
  const pattern = glob
    .replace(/^\.?\//, '')
    .replace(/\/$/, '/**')
    .replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, token => {
      switch (token) {
        case '**/':
          return '(?:[^/]+/)*';
        case '**':
          return '.*';
        case '*':
          return '[^/]*';
        case '?':
          return '[^/]';
        default:
          return `\\${token}`;
      }
    });
  // A glob without a slash is about names, in whatever folder, as in .gitignore.
  const isName = !glob.replace(/\/$/, '').includes('/');
  return new RegExp(`^${isName ? '(?:.*/)?' : ''}${pattern}$`);
}

/**
 * Which paths (with slashes, relative to a source) are left out by globs: `charts/**`, `*.json`, `**\/templates/**`.
 *
 * @public
 */
export function excludes(globs: readonly string[]): (path: string) => boolean {
  const expressions = globs.map(expressionOf);
  return path => expressions.some(expression => expression.test(path));
}
