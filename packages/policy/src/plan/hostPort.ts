/** A port by its number; a host outside has no Service that could name one. */
export function hostPort(text: string | undefined): number | undefined {
  const port = /^[0-9]{1,5}$/.test(text ?? '') ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : undefined;
}
