import { checkUrl } from '../api/checkUrl';

/**
 * Why a portal's address is none that a token may be sent to, as the rest of a sentence; nothing where it is one.
 *
 * @param options - `allowHttp`: also over a network that everybody can read; for tests
 * @public
 */
export function checkPortal(
  text: string,
  options: { allowHttp: boolean },
): string | undefined {
  const problem = checkUrl(
    options.allowHttp ? text.replace(/^http:/i, 'https:') : text,
    'https://portal.example.com',
  );
  if (problem !== undefined) return problem;
  // Also one with nothing after it: what follows the address would be taken for that.
  return /[?#]/.test(text) ? 'must not have ? or # in it' : undefined;
}
