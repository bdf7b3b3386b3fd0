import { structuredPatch } from 'diff';
import type { ChangeData, HunkData } from 'react-diff-view';

const CONTEXT = 3;

/** The hunks between two texts, as the diff view wants them. */
export function diffHunks(before: string, after: string): HunkData[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', {
    context: CONTEXT,
  });
  return hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => {
    let oldLine = oldStart;
    let newLine = newStart;
    const changes: ChangeData[] = [];
    for (const line of lines) {
      const content = line.slice(1);
      if (line.startsWith('+')) {
        changes.push({
          type: 'insert',
          isInsert: true,
          lineNumber: newLine++,
          content,
        });
      } else if (line.startsWith('-')) {
        changes.push({
          type: 'delete',
          isDelete: true,
          lineNumber: oldLine++,
          content,
        });
      } else if (!line.startsWith('\\')) {
        changes.push({
          type: 'normal',
          isNormal: true,
          oldLineNumber: oldLine++,
          newLineNumber: newLine++,
          content,
        });
      }
    }
    return {
      content: `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
      oldStart,
      oldLines,
      newStart,
      newLines,
      changes,
    };
  });
}
