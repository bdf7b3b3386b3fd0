import { expect, type Locator, type Page } from '@playwright/test';

/** More stops than any page has before what a test looks for. */
const FAR = 80;

/** Presses Tab until something has the focus, and expects that one sees it there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  // The first answer of a portal that has just started may take long to come.
  await expect(target).toBeVisible({ timeout: 60_000 });
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
 * Held against the picture without the focus, because there are many ways to draw it: an outline, a line around a field, a
 * ground, a ripple within a button.
 */
async function expectFocusSeen(target: Locator): Promise<void> {
  const page = target.page();
  const box = (await target.boundingBox())!;
  // What stands around it: a field draws its focus on its frame, which is larger than what one types into.
  const clip = {
    x: Math.max(box.x - 16, 0),
    y: Math.max(box.y - 16, 0),
    width: box.width + 32,
    height: box.height + 32,
  };
  const look = () => page.screenshot({ clip, caret: 'hide' });
  await expect
    .poll(
      async () => {
        const focused = await look();
        await target.evaluate((each: HTMLElement) => each.blur());
        const without = await look();
        await target.evaluate((each: HTMLElement) => each.focus());
        return focused.equals(without);
      },
      { message: `the focus is not to be seen on ${target}` },
    )
    .toBe(false);
}
