/** Addresses of this machine: what is sent there does not go over a network. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Why tokens must not be sent to an address, as the rest of a sentence; nothing where they may.
 *
 * @param example - an address as it should be
 * @public
 */
export function checkUrl(
  text: string,
  example = 'https://10.0.0.1:6443',
): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return `is not an address, such as ${example}`;
  }
  // What is written there would be shown in messages.
  if (url.username !== '' || url.password !== '')
    return 'must not have a name or password in it';
  const isSafe =
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  return isSafe
    ? undefined
    : 'must begin with https: over anything else the token could be read on the way';
}
