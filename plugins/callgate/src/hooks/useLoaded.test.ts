import { act, renderHook, waitFor } from '@testing-library/react';
import { useLoaded } from './useLoaded';

describe('useLoaded', () => {
  it('shows nothing of an older question when a newer one has been asked', async () => {
    const answers = new Map<string, (value: string) => void>();
    const load = (key: string) =>
      new Promise<string>(resolve => answers.set(key, resolve));
    const { result, rerender } = renderHook(
      ({ key }) => useLoaded(key, () => load(key)),
      {
        initialProps: { key: 'a' },
      },
    );
    rerender({ key: 'b' });
    await act(async () => answers.get('a')?.('of a'));
    expect(result.current.value).toBeUndefined();
    await act(async () => answers.get('b')?.('of b'));
    expect(result.current).toMatchObject({ value: 'of b', loading: false });
  });

  it('ends a question that nobody waits for any more', () => {
    const signals: AbortSignal[] = [];
    const { unmount } = renderHook(() =>
      useLoaded('a', signal => {
        signals.push(signal);
        return new Promise(() => {});
      }),
    );
    unmount();
    expect(signals[0].aborted).toBe(true);
  });

  it('keeps the last good answer when a newer attempt fails, and says so', async () => {
    const load = jest
      .fn<Promise<string>, []>()
      .mockResolvedValueOnce('good')
      .mockRejectedValueOnce(new Error('down'))
      .mockResolvedValueOnce('better');
    const { result } = renderHook(() => useLoaded('a', load));
    await waitFor(() => expect(result.current.value).toBe('good'));
    act(() => result.current.reload());
    await waitFor(() => expect(result.current.error?.message).toBe('down'));
    expect(result.current.value).toBe('good');
    act(() => result.current.reload());
    await waitFor(() => expect(result.current.value).toBe('better'));
    expect(result.current.error).toBeUndefined();
  });

  it('does not let an answer that was on its way overwrite what a write has brought', async () => {
    let answer = (_: string) => {};
    const { result } = renderHook(() =>
      useLoaded('a', () => new Promise<string>(resolve => (answer = resolve))),
    );
    act(() => result.current.replace('written'));
    await act(async () => answer('read before'));
    expect(result.current).toMatchObject({ value: 'written', loading: false });
  });
});
