import type express from 'express';
import { pipeline, Readable } from 'node:stream';
import type { Evidence } from './types';
import { writeCsv } from './writeCsv';
import { writeJson } from './writeJson';

/**
 * Answers with evidence, row by row. What fails on the way breaks the connection off, so that nobody takes the part for the
 * whole.
 */
export function sendEvidence(
  evidence: Evidence,
  format: 'json' | 'csv',
  res: express.Response,
): void {
  const { kind, at } = evidence.head;
  const name = `callgate-${kind}-${at.slice(0, 19).replaceAll(':', '')}Z`;
  res.setHeader(
    'Content-Type',
    format === 'csv'
      ? 'text/csv; charset=utf-8; header=present'
      : 'application/json; charset=utf-8',
  );
  res.setHeader(
    'Content-Disposition',
    `attachment; filename="${name}.${format}"`,
  );
  res.setHeader('Cache-Control', 'no-store');
  const body =
    format === 'csv' ? writeCsv(evidence) : Readable.from(writeJson(evidence));
  // A connection that broke off is all that there is to say of it.
  pipeline(body, res, () => undefined);
}
