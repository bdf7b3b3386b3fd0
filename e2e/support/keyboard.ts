import { expect, type Locator, type Page } from '@playwright/test';

/** More stops than any page has before what a test looks for. */
const FAR = 80;

/** Presses Tab until something has the focus, and expects that one sees it there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < FAR; stop++) {
    if (await target.evaluate(each => each === document.activeElement)) {
      await expectFocusSeen(target);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target} is not reached by ${FAR} presses of Tab`);
}

/** Goes to something by Tab, and presses a key on it. */
export async function pressOn(
  page: Page,
  target: Locator,
  key: 'Enter' | 'Space' = 'Enter',
): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/**
 * Where a browser draws no outline, Material UI changes the ground, the shadow or the line around it, or draws something
 * within: any of these is to be seen.
 */
async function expectFocusSeen(target: Locator): Promise<void> {
  await expect
    .poll(() =>
      target.evaluate(element => {
        const look = (each: Element) =>
          ['', '::before', '::after'].map(part => {
            const { outlineStyle, outlineWidth, boxShadow, background } =
              getComputedStyle(each, part);
            return [outlineStyle, outlineWidth, boxShadow, background].join();
          });
        // The box around an input is its border and its label; a ripple lies within a button.
        const around = [
          element,
          element.parentElement!,
          element.parentElement!.parentElement!,
          ...element.parentElement!.querySelectorAll('fieldset'),
        ];
        const all = () =>
          around
            .flatMap(each => [
              ...look(each),
              getComputedStyle(each).borderWidth,
              getComputedStyle(each).borderColor,
              each.querySelector('[class*="TouchRipple-child"]')
                ? 'ripple'
                : '',
            ])
            .join();
        const focused = all();
        (element as HTMLElement).blur();
        const without = all();
        (element as HTMLElement).focus();
        return focused !== without;
      }),
    )
    .toBe(true);
}
