import { resolve } from 'node:path';
import type { Finding } from '@callgate/policy';
import { readTextFile } from '../io/readTextFile';

/** Longer lines are shown from where it matters. */
const MOST_CHARACTERS = 100;

/** Files are read once for all findings of a run. */
export class SourceLines {
  readonly #files = new Map<string, readonly string[]>();

  constructor(private readonly cwd: string) {}

  /** The line that a finding is about with a caret under its column; nothing where the file or the line is not there. */
  of({ at }: Finding): string {
    if (at?.line === undefined) return '';
    const line = this.#linesOf(at.file)[at.line - 1];
    if (line === undefined || line.trim() === '') return '';
    const column = at.column ?? line.length - line.trimStart().length + 1;
    const start = Math.max(0, column - 1 - MOST_CHARACTERS / 2);
    // Tabs and control characters would move the caret, or the cursor of the terminal.
    const shown = line
      .slice(start, start + MOST_CHARACTERS)
      .replace(/\p{Cc}/gu, ' ');
    const margin = `  ${at.line} | `;
    return `\n${margin}${shown.trimEnd()}\n${' '.repeat(
      margin.length + column - 1 - start,
    )}^`;
  }

  #linesOf(file: string): readonly string[] {
    let lines = this.#files.get(file);
    if (!lines) {
      try {
        lines = readTextFile(resolve(this.cwd, file), file, '').split(/\r?\n/);
      } catch {
        // Not every place is a file: the message names it all the same.
        lines = [];
      }
      this.#files.set(file, lines);
    }
    return lines;
  }
}
