import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Operation } from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import { OperationList } from './OperationList';

const operation = (text: string): Operation => {
  const [method, path] = text.split(' ');
  return { kind: 'http', method, path, writes: method !== 'GET' };
};

describe('OperationList', () => {
  it('folds the same operations to the same words, in whatever order they come', async () => {
    const texts = ['POST /a', 'DELETE /a', 'GET /a', 'GET /b', 'POST /b'];
    renderInTestApp(
      <>
        <OperationList operations={texts.map(operation)} />
        <OperationList operations={[...texts].reverse().map(operation)} />
      </>,
    );
    expect(
      await screen.findAllByRole('button', {
        name: 'GET ×2, POST ×2, DELETE ×1',
      }),
    ).toHaveLength(2);
  });
});
