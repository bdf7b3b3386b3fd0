import fs from 'node:fs';
import { inRoot } from '../paths.mjs';
import { newApp } from './newApp.mjs';

/**
 * The new frontend system, one minor version of Backstage older than the one of backstage.json, for companies that follow later.
 *
 * `release` has every package of that release: what its template names, and of everything else what those ask for at least.
 */
export const previousApp = {
  ...newApp,
  title: 'Backstage 1.54, new frontend system, SQLite',
  createApp: { version: '0.9.1', options: [] },
  release: JSON.parse(
    fs.readFileSync(inRoot('scripts/lib/install/backstage-1.54.json'), 'utf8'),
  ),
};
