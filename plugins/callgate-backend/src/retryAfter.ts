import type express from 'express';

/** Says in `Retry-After` when to ask again, where an error knows. */
export function retryAfter(): express.ErrorRequestHandler {
  return (error, _req, res, next) => {
    const { retryAfterSeconds } = error as { retryAfterSeconds?: unknown };
    if (Number.isFinite(retryAfterSeconds) && !res.headersSent)
      res.setHeader('Retry-After', String(retryAfterSeconds));
    next(error);
  };
}
