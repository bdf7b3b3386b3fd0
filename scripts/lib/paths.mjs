import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const ROOT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../..',
);

export const YARN = path.join(ROOT, '.yarn/releases/yarn-4.13.0.cjs');

export const inRoot = (...parts) => path.join(ROOT, ...parts);
