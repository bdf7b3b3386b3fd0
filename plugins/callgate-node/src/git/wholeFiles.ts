import { randomUUID } from 'node:crypto';
import fs from 'node:fs';

/**
 * The file system for isomorphic-git, with files that appear as a whole. It writes objects in place and takes any file
 * of an object's name for that object, so a crash in the middle would leave a broken one that nobody writes again.
 */
export const wholeFiles = {
  promises: {
    ...fs.promises,
    async writeFile(
      file: string,
      data: string | Uint8Array,
      options?: Parameters<typeof fs.promises.writeFile>[2],
    ): Promise<void> {
      const aside = `${file}.${randomUUID()}.tmp`;
      try {
        await fs.promises.writeFile(aside, data, options);
        await fs.promises.rename(aside, file);
      } catch (error) {
        await fs.promises.rm(aside, { force: true });
        throw error;
      }
    },
  },
};
