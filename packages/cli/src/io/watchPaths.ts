import { watch } from 'chokidar';

/** Changes that come within this time are one. */
const TOGETHER_MS = 100;

/**
 * Paths that change, as long as nobody aborts; several at once where they
 * change together. A file counts once it is written to its end.
 *
 * @param onReady - called when the paths are known as they are, so that changes count from now on
 */
export async function* watchPaths(
  paths: readonly string[],
  isIgnored: (path: string) => boolean,
  signal: AbortSignal,
  onReady?: () => void,
): AsyncGenerator<readonly string[]> {
  const watcher = watch([...paths], {
    ignored: isIgnored,
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: TOGETHER_MS, pollInterval: 20 },
  });
  const changed = new Set<string>();
  let wake = () => {};
  const isReady = () => changed.size > 0 || signal.aborted;
  const next = () =>
    new Promise<void>(resolve => {
      wake = resolve;
      if (isReady()) resolve();
    });
  if (onReady) watcher.once('ready', onReady);
  watcher.on('all', (_event, path) => {
    changed.add(path);
    wake();
  });
  const stop = () => wake();
  signal.addEventListener('abort', stop);
  try {
    for (;;) {
      await next();
      if (signal.aborted) return;
      await new Promise(resolve => setTimeout(resolve, TOGETHER_MS));
      const together = [...changed].sort();
      changed.clear();
      yield together;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await watcher.close();
  }
}
