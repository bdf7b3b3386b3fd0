import { Finding } from '../findings';
import { isTemplate } from '../evaluate/istio/textMatch';
import { Check, LintedAuthorization } from './LintContext';
import { notice } from './notice';
import { RuleValue, valuesOf } from './valuesOf';

const METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'TRACE',
]);

type Look = (value: RuleValue, policy: LintedAuthorization) => Finding[];

/** Does the value make the rule apply to more calls, or does it take calls out of it? */
function widens({ isNegative }: RuleValue): boolean {
  return !isNegative;
}

const methods: Look = ({ value, name, path, isNegative }, { manifest }) => {
  if (name !== 'methods') return [];
  if (value === '*' && !isNegative) {
    return [
      notice('method-wildcard', {
        manifest,
        path,
        text: 'is "*": the rule then asks for HTTP, and for no method in particular.',
      }),
    ];
  }
  const upper = value.toUpperCase();
  if (value === upper || !METHODS.has(upper.replace(/\*/g, ''))) return [];
  return [
    notice('method-case', {
      manifest,
      path,
      text: `is "${value}": methods are compared with their case, so that it matches no ${upper}.`,
      change: [{ op: 'replace', path, value: upper }],
    }),
  ];
};

/** Exact hosts only: a prefix may be meant to cover ports, a suffix is about names. */
const hosts: Look = (each, { manifest, spec }) => {
  const { value, name, path, list, beside, isNegative } = each;
  if (name !== 'hosts' || value.includes('*') || value.includes(':')) return [];
  const field = beside.find(other => other.name === 'hosts');
  const listed = (isNegative ? field?.notValues : field?.values) ?? [];
  if (listed.some(other => other === `${value}:*` || other === `${value}*`))
    return [];
  // What is too narrow fails open in a DENY and in the negation of an ALLOW.
  const isOpen = (spec.action === 'DENY') === widens(each);
  return [
    notice('host-without-port', {
      manifest,
      path,
      text: `is "${value}": a request whose Host header is "${value}:<port>" does not match${
        isOpen ? ', and so gets around the rule' : ''
      }.`,
      change: [{ op: 'add', path: [...list, '-'], value: `${value}:*` }],
    }),
  ];
};

const REGEX = /\.[*+]|\\|^\^|\$$|\[[^\]]*\]|\([^)]*\|[^)]*\)/;

const regexes: Look = ({ value, name, path }, { manifest }) =>
  name === 'paths' && !isTemplate(value) && REGEX.test(value)
    ? [
        notice('path-regex', {
          manifest,
          path,
          text: `is "${value}": paths are compared as text, never as regular expressions.`,
        }),
      ]
    : [];

const stars: Look = ({ value, name, path }, { manifest }) => {
  if (name !== 'paths' || isTemplate(value) || REGEX.test(value)) return [];
  // A leading star makes the rest, other stars included, a literal ending.
  const literal = value.startsWith('*')
    ? value.slice(1)
    : value.replace(/\*$/, '');
  if (!literal.includes('*')) return [];
  const template = value
    .split('/')
    .map(segment => (segment === '*' ? '{*}' : segment))
    .join('/')
    .replace(/\/\{\*\}$/, '/{**}');
  const isReady = !template.replace(/\{\*\*?\}/g, '').includes('*');
  return [
    notice('path-literal-star', {
      manifest,
      path,
      text: `is "${value}": only a star at the beginning or at the end stands for anything.`,
      ...(isReady
        ? { change: [{ op: 'replace', path, value: template }] }
        : {}),
    }),
  ];
};

/** Only where the rule opens more than it seems to: too wide a DENY is on the safe side. */
const prefixes: Look = (each, { manifest, spec }) => {
  const { value, name, path, list } = each;
  if (name !== 'paths' || isTemplate(value) || REGEX.test(value)) return [];
  if (value.startsWith('*') || !/[A-Za-z0-9]\*$/.test(value)) return [];
  const prefix = value.slice(0, -1);
  if (prefix.includes('*')) return [];
  const opens = (spec.action === 'ALLOW') === widens(each);
  if (!opens || (spec.action !== 'ALLOW' && spec.action !== 'DENY')) return [];
  return [
    notice('path-prefix', {
      manifest,
      path,
      text: `is "${value}": it also matches ${prefix}-internal and ${prefix}s, for example.`,
      change: [
        { op: 'replace', path, value: prefix },
        { op: 'add', path: [...list, '-'], value: `${prefix}/*` },
      ],
    }),
  ];
};

const LOOKS: readonly Look[] = [methods, hosts, regexes, stars, prefixes];

/** Values of HTTP fields that match something else than they seem to (docs/semantics.md, H3, H4, H6, H9, H10, H11). */
export const httpValues: Check = ({ authorizations }) =>
  authorizations.flatMap(policy =>
    [...valuesOf(policy.spec)].flatMap(value =>
      LOOKS.flatMap(look => look(value, policy)),
    ),
  );
