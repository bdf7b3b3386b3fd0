import { forgeError, isForgeError } from '../forge/ForgeError';

/** Codes of the operating system, such as EIO: those say more than that an object cannot be read. */
const OF_SYSTEM = /^E[A-Z]+$/;

/**
 * Has the reading of an object fail with a code and a sentence, where it is missing, cut off or not what its name says.
 *
 * @throws ServiceUnavailableError with code `repository-damaged`
 */
export async function readingObject<T>(
  id: string,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (isForgeError(error) || OF_SYSTEM.test(String(code))) throw error;
    throw Object.assign(
      forgeError(
        'repository-damaged',
        `A Git object of the policy repository is missing or damaged (${id.slice(
          0,
          12,
        )}). Restore it from a clone or a back-up.`,
      ),
      { cause: error },
    );
  }
}
