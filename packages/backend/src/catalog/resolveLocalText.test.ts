import { createMockDirectory } from '@backstage/backend-test-utils';
import { resolveLocalText } from './resolveLocalText';

describe('resolveLocalText', () => {
  const directory = createMockDirectory({
    content: {
      'secret.txt': 'not for the catalog',
      catalog: {
        'apis.yaml': '',
        definitions: { 'orders.yaml': 'openapi: 3.1.0' },
      },
    },
  });
  const emit = jest.fn();
  const read = jest.fn(async () => Buffer.from('from the url'));

  const resolve = (
    value: string,
    baseUrl = directory.resolve('catalog/apis.yaml'),
  ) =>
    resolveLocalText({
      key: 'text',
      value,
      baseUrl,
      read,
      resolveUrl: (url, base) => new URL(url, base).toString(),
      emit,
    });

  it('reads a file beside the catalog file, and again when it changes', async () => {
    expect(await resolve('./definitions/orders.yaml')).toBe('openapi: 3.1.0');
    expect(emit).toHaveBeenCalledWith({
      type: 'refresh',
      key: `file:${directory.resolve('catalog/definitions/orders.yaml')}`,
    });
  });

  it('does not leave the folder of the catalog file', async () => {
    await expect(resolve('../secret.txt')).rejects.toThrow(/not allowed/i);
    await expect(resolve(directory.resolve('secret.txt'))).rejects.toThrow(
      'relative path',
    );
  });

  it('reads beside a catalog file at a URL as Backstage does, and nowhere else', async () => {
    expect(
      await resolve('./orders.yaml', 'https://git.example/a/apis.yaml'),
    ).toBe('from the url');
    expect(read).toHaveBeenCalledWith('https://git.example/a/orders.yaml');
    await expect(
      resolve('https://elsewhere.example/x', 'https://git.example/a/apis.yaml'),
    ).rejects.toThrow('relative path');
  });

  it('fails for a file that is not there', async () => {
    await expect(resolve('./definitions/gone.yaml')).rejects.toThrow(/ENOENT/);
  });
});
