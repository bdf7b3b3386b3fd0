const KEY = 'callgate.demo.person';

/**
 * Who was clicked, kept for one browser tab: two tabs can be two people, and a
 * reload does not ask again.
 */
export const chosenPerson = {
  read(): string | undefined {
    return window.sessionStorage.getItem(KEY) ?? undefined;
  },
  write(entityRef: string): void {
    window.sessionStorage.setItem(KEY, entityRef);
  },
  clear(): void {
    window.sessionStorage.removeItem(KEY);
  },
};
