import { ConflictError } from '@backstage/errors';

/** What somebody works on was changed by another process or a person meanwhile: read anew and go on, it is nobody's trouble. */
export class MeanwhileError extends ConflictError {
  name = 'ConflictError' as const;
  readonly code = 'version-conflict';
}
