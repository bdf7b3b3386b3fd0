import { mockErrorHandler, mockServices } from '@backstage/backend-test-utils';
import { ConflictError } from '@backstage/errors';
import express from 'express';
import request from 'supertest';
import { hideInternals } from './hideInternals';

describe('hideInternals', () => {
  const answerTo = (error: Error) => {
    const app = express();
    app.get('/', () => {
      throw error;
    });
    app.use(hideInternals(mockServices.logger.mock()));
    app.use(mockErrorHandler());
    return request(app).get('/');
  };

  it('keeps what a database says away from clients', async () => {
    const answer = await answerTo(
      new Error(
        "insert into access_requests values ('secret') - no such table",
      ),
    );
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret');
    expect(answer.body.error.message).toMatch(/The log of the portal has more/);
  });

  it('says of a full disk what the platform team has to do, without the path', async () => {
    const answer = await answerTo(
      Object.assign(new Error('ENOSPC: write /secret/objects'), {
        code: 'ENOSPC',
      }),
    );
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('secret');
    expect(answer.body.error).toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('no space is left'),
    });
  });

  it('lets through what is written for clients, with its code', async () => {
    const conflict = Object.assign(new ConflictError('It has changed.'), {
      code: 'meaning-changed',
    });
    const answer = await answerTo(conflict);
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({
      message: 'It has changed.',
      code: 'meaning-changed',
    });
  });
});
