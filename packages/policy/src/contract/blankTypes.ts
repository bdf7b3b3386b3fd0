/** What a definition in protobuf is made of, as far as blocks are told from text that only looks like one. */
const TOKEN =
  /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{};]|[A-Za-z_][A-Za-z0-9_]*/g;

/** Blocks of types, and what is stated of the file: neither has a service in it. */
const LEFT_OUT = new Set(['message', 'enum', 'extend', 'option']);

/**
 * A protobuf definition with the types taken out and everything else in its place, lines too. Services need no types, and
 * types have more forms than the parser knows (groups with options, groups in a oneof, text formats in options).
 * `undefined` where braces do not balance.
 */
export function blankTypes(text: string): string | undefined {
  let depth = 0;
  let begin: number | undefined;
  let atStatement = true;
  let done = 0;
  let blanked = '';
  const blank = (from: number, to: number) => {
    blanked += text.slice(done, from);
    blanked += text.slice(from, to).replace(/[^\r\n]/g, ' ');
    done = to;
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith('//') || token.startsWith('/*')) continue;
    const end = index + token.length;
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    if (depth < 0) return undefined;
    const isEnd = depth === 0 && (token === '}' || token === ';');
    // `option x = { … };` ends with its semicolon, which may stand alone as well.
    if (isEnd && begin !== undefined) {
      blank(begin, end);
      begin = undefined;
    } else if (depth === 0 && atStatement && LEFT_OUT.has(token)) {
      begin = index;
    }
    atStatement = isEnd || (atStatement && /^(?:export|local)$/.test(token));
  }
  return depth === 0 ? blanked + text.slice(done) : undefined;
}
