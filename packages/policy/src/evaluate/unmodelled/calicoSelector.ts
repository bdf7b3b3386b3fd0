import {
  everyMatch,
  hasLabel,
  hasOneOf,
  Match,
  notMatch,
  PodLabels,
} from '../../estate/podLabels';
import { someMatch } from './labelSelectors';

/** A selector of Calico, compiled. */
export type CalicoSelector = (labels: PodLabels) => Match;

const TOKEN =
  /\s*(?:(&&|\|\||==|!=|[!(){},])|"([^"]*)"|'([^']*)'|([A-Za-z0-9_./-]+))/y;

interface Token {
  sign?: string;
  text?: string;
  word?: string;
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  const end = text.trimEnd().length;
  while (at < end) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    at = TOKEN.lastIndex;
    const [, sign, double, single, word] = match;
    tokens.push(
      sign === undefined && word === undefined
        ? { text: double ?? single }
        : { sign, word },
    );
  }
  return tokens;
}

/** Labels of service accounts are not read. */
function unlessUnknown(key: string, selector: CalicoSelector): CalicoSelector {
  return key.startsWith('pcsa.') ? () => 'maybe' : selector;
}

const oneOf = (key: string, values: readonly string[]): CalicoSelector =>
  unlessUnknown(key, labels => hasOneOf(labels, key, values));

/** Also of what lacks the label, as in Calico. */
const not =
  (selector: CalicoSelector): CalicoSelector =>
  labels =>
    notMatch(selector(labels));

function textual(
  key: string,
  part: string,
  how: 'includes' | 'startsWith' | 'endsWith',
): CalicoSelector {
  return unlessUnknown(key, labels => {
    const has = hasLabel(labels, key);
    if (has === 'no') return 'no';
    const { podLabels, varyingLabels } = labels;
    if (varyingLabels && Object.hasOwn(varyingLabels, key)) return 'maybe';
    return podLabels[key][how](part) ? 'yes' : 'no';
  });
}

/** Deeper ones may match anybody. */
const DEEPEST = 50;

class NotASelector extends Error {}

/** Reads by precedence: `||`, then `&&`, then `!` and what stands for itself. */
class Reader {
  #at = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): CalicoSelector {
    const selector = this.#either();
    if (this.#at < this.tokens.length) throw new NotASelector();
    return selector;
  }

  #either(): CalicoSelector {
    if (++this.#depth > DEEPEST) throw new NotASelector();
    const parts = [this.#both()];
    while (this.#takes('||')) parts.push(this.#both());
    this.#depth--;
    return parts.length === 1
      ? parts[0]
      : labels => someMatch(parts.map(part => part(labels)));
  }

  #both(): CalicoSelector {
    const parts = [this.#one()];
    while (this.#takes('&&')) parts.push(this.#one());
    return parts.length === 1
      ? parts[0]
      : labels => everyMatch(parts.map(part => part(labels)));
  }

  #one(): CalicoSelector {
    let negative = false;
    while (this.#takes('!')) negative = !negative;
    const part = this.#takes('(') ? this.#inner() : this.#about(this.#word());
    return negative ? labels => notMatch(part(labels)) : part;
  }

  #inner(): CalicoSelector {
    const selector = this.#either();
    this.#must(')');
    return selector;
  }

  #about(word: string): CalicoSelector {
    if (this.#takes('(')) {
      if (word === 'has') {
        const key = this.#word();
        this.#must(')');
        return unlessUnknown(key, labels => hasLabel(labels, key));
      }
      this.#must(')');
      // `global()` is about what has no namespace: nothing that runs here.
      if (word === 'all') return () => 'yes';
      if (word === 'global') return () => 'no';
      throw new NotASelector();
    }
    if (this.#takes('==')) return oneOf(word, [this.#text()]);
    if (this.#takes('!=')) return not(oneOf(word, [this.#text()]));
    switch (this.#word()) {
      case 'in':
        return oneOf(word, this.#list());
      case 'not':
        if (this.#word() !== 'in') throw new NotASelector();
        return not(oneOf(word, this.#list()));
      case 'contains':
        return textual(word, this.#text(), 'includes');
      case 'starts':
        this.#with();
        return textual(word, this.#text(), 'startsWith');
      case 'ends':
        this.#with();
        return textual(word, this.#text(), 'endsWith');
      default:
        throw new NotASelector();
    }
  }

  #with(): void {
    if (this.#word() !== 'with') throw new NotASelector();
  }

  #list(): string[] {
    this.#must('{');
    const texts: string[] = [];
    while (!this.#takes('}')) {
      if (texts.length > 0) this.#must(',');
      texts.push(this.#text());
    }
    return texts;
  }

  #takes(sign: string): boolean {
    if (this.tokens[this.#at]?.sign !== sign) return false;
    this.#at++;
    return true;
  }

  #must(sign: string): void {
    if (!this.#takes(sign)) throw new NotASelector();
  }

  #word(): string {
    const word = this.tokens[this.#at++]?.word;
    if (word === undefined) throw new NotASelector();
    return word;
  }

  #text(): string {
    const text = this.tokens[this.#at++]?.text;
    if (text === undefined) throw new NotASelector();
    return text;
  }
}

/**
 * Reads a selector (docs.tigera.io, NetworkPolicy, Selectors). An empty one matches everything; one that is no selector may
 * match anything.
 */
export function calicoSelector(raw: unknown): CalicoSelector {
  if (raw === undefined || raw === null) return () => 'yes';
  if (typeof raw !== 'string') return () => 'maybe';
  const tokens = tokensOf(raw);
  if (!tokens) return () => 'maybe';
  if (tokens.length === 0) return () => 'yes';
  try {
    return new Reader(tokens).whole();
  } catch (error) {
    if (!(error instanceof NotASelector)) throw error;
    return () => 'maybe';
  }
}
