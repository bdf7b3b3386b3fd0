import { InputError } from '@backstage/errors';

/** Where a page ended: the sort key and the id of its last row, opaque to clients. */
export interface Cursor {
  key: number;
  id: string;
}

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.key, cursor.id])).toString(
    'base64url',
  );
}

/** @throws InputError for anything that {@link encodeCursor} did not write */
export function decodeCursor(text: string): Cursor {
  try {
    const [key, id, ...rest] = JSON.parse(
      Buffer.from(text, 'base64url').toString('utf8'),
    );
    if (
      Number.isSafeInteger(key) &&
      typeof id === 'string' &&
      rest.length === 0
    ) {
      return { key, id };
    }
  } catch {
    // Answered below, like every other text that is no cursor.
  }
  throw new InputError(
    'The cursor is not one that this list gave out. Start again without it.',
  );
}
