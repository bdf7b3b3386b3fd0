import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What Backstage draws around a page, and no plugin can change. */
const BACKSTAGE = [
  // Titles for screen readers alone, outside every landmark, where tabs stand in the head of a page.
  'div.bui-VisuallyHidden:has(> h1)',
  // These tabs: in no landmark, and what one controls is on another address.
  'div.bui-Tabs',
  // In the menu; how many are new is part of its text and not of its name.
  'a[aria-label="Notifications"]',
];

/**
 * Each differs from the one before in one thing: what is drawn anew takes time. What is where depends on the width alone,
 * so that all rules are asked once for each; contrast is asked of all four.
 */
const LOOKS = [
  { width: 1280, colorScheme: 'light', all: true },
  { width: 390, colorScheme: 'light', all: false },
  { width: 390, colorScheme: 'dark', all: true },
  { width: 1280, colorScheme: 'dark', all: false },
] as const;

/**
 * Holds the screen that a page shows, light and dark, on a desk and on a phone, against what axe knows, and says when it
 * is wider than the window. Leaves the page light and as wide as it was.
 *
 * @param screen - how the screen is called where something is wrong with it
 */
export async function expectAccessible(
  page: Page,
  screen: string,
): Promise<void> {
  const before = page.viewportSize()!;
  const wrong: string[] = [];
  for (const { width, colorScheme, all } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: before.height });
    await settle(page);
    // No page of ours has frames: the older mode needs no second page for each answer.
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    for (const drawn of BACKSTAGE) axe.exclude(drawn);
    if (!all) axe.withRules('color-contrast');
    const { violations } = await axe.analyze();
    wrong.push(
      ...violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ html }) => `${screen}, ${width} ${colorScheme}: ${id}: ${html}`,
        ),
      ),
    );
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    if (beyond > 0) {
      wrong.push(`${screen}, ${width}: ${beyond} px wider than the window`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
  expect.soft(wrong).toEqual([]);
}

/** Waits for what moves to its end: a colour on its way has a contrast that nobody meant. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    const moving = document
      .getAnimations()
      .filter(each => each.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
}
