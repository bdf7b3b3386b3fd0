import { signalApiRef } from '@backstage/plugin-signals-react';
import { TestApiProvider } from '@backstage/test-utils';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { useReloadOnChange } from './useReloadOnChange';

type Heard = (message: { subject: string; id: string }) => void;

/** A page that hears signals, and how often it has read again. */
function open(options?: { withEstate: boolean }) {
  const listeners: Heard[] = [];
  const signals = {
    subscribe: (_: string, onMessage: Heard) => {
      listeners.push(onMessage);
      return { unsubscribe: () => {} };
    },
  };
  const reload = jest.fn();
  renderHook(() => useReloadOnChange(reload, options), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <TestApiProvider apis={[[signalApiRef, signals as never]]}>
        {children}
      </TestApiProvider>
    ),
  });
  const say = (subject: string, id: string) =>
    act(() => listeners.forEach(hear => hear({ subject, id })));
  return { reload, say };
}

function look(hidden: boolean) {
  Object.defineProperty(document, 'hidden', {
    configurable: true,
    get: () => hidden,
  });
  act(() => {
    document.dispatchEvent(new Event('visibilitychange'));
  });
}

describe('useReloadOnChange', () => {
  afterEach(() => look(false));

  it('reads again when somebody did something, also while nobody looks', () => {
    const { reload, say } = open();
    say('request', 'a');
    expect(reload).toHaveBeenCalledTimes(1);
    look(true);
    say('access', 'b');
    expect(reload).toHaveBeenCalledTimes(2);
  });

  it('leaves a list of requests alone when something else runs', () => {
    const { reload, say } = open();
    say('estate', 'a');
    look(true);
    look(false);
    expect(reload).not.toHaveBeenCalled();
  });

  it('reads a page of what runs again: at once, or, once, when it is looked at again', () => {
    const { reload, say } = open({ withEstate: true });
    say('estate', 'a');
    expect(reload).toHaveBeenCalledTimes(1);
    look(true);
    say('estate', 'b');
    say('estate', 'c');
    expect(reload).toHaveBeenCalledTimes(1);
    look(false);
    look(true);
    look(false);
    expect(reload).toHaveBeenCalledTimes(2);
  });
});
