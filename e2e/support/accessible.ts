import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

/** What Backstage draws around a page, and no plugin can change. */
const BACKSTAGE = [
  // Titles for screen readers alone, outside every landmark, where tabs stand in the head of a page.
  'div.bui-VisuallyHidden:has(> h1)',
  // These tabs: in no landmark, and what one controls is on another address.
  'div.bui-Tabs',
  // The menu of a phone, a second landmark without a name beside the breadcrumbs of an entity.
  'nav[data-testid="mobile-sidebar-root"]',
  // In the menu; how many are new is part of its text and not of its name.
  'a[aria-label="Notifications"]',
];

/** What is behind an open dialog: dimmed, and hidden from whoever hears a page. Axe asks for its contrast all the same, now and then. */
const BEHIND = 'body > [aria-hidden="true"]';

const SCHEMES = ['light', 'dark'] as const;
const PHONE = 390;

/**
 * Holds the screen that a page shows, light and dark, on a desk and on a phone, against what axe knows, and says when it
 * is wider than the window. Leaves the page as wide as it was, and in the other theme.
 *
 * Each look differs from the one before in one thing, and the theme changes once: Backstage draws everything anew for it,
 * which takes time. What is where depends on the width alone, so that all rules are asked once for each; contrast is asked
 * of all four.
 *
 * @param screen - how the screen is called where something is wrong with it
 * @param shows - what is to be seen before axe is asked: a page that is still empty has no faults
 * @param again - brings back what is gone when everything is drawn anew, such as a dialog that is not in the URL
 */
export async function expectAccessible(
  page: Page,
  screen: string,
  shows: Locator,
  again?: () => Promise<void>,
): Promise<void> {
  const { width: desk, height } = page.viewportSize()!;
  const [now, other] = (await isDark(page)) ? [...SCHEMES].reverse() : SCHEMES;
  const looks = [
    { width: desk, colorScheme: now, all: true },
    { width: PHONE, colorScheme: now, all: false },
    { width: PHONE, colorScheme: other, all: true },
    { width: desk, colorScheme: other, all: false },
  ];
  const wrong: string[] = [];
  let drawn: string = now;
  for (const { width, colorScheme, all } of looks) {
    await page.setViewportSize({ width, height });
    if (colorScheme !== drawn) {
      await page.emulateMedia({ colorScheme });
      drawn = colorScheme;
      await again?.();
    }
    // The first answer of a portal that has just started may take long to come.
    await expect(shows, screen).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await settle(page);
    // No page of ours has frames: the older mode needs no second page for each answer.
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    for (const each of [...BACKSTAGE, BEHIND]) axe.exclude(each);
    if (!all) axe.withRules('color-contrast');
    const { violations } = await axe.analyze();
    wrong.push(
      ...violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ html, failureSummary = '' }) =>
            `${screen}, ${width} ${colorScheme}: ${id}: ${html} ${failureSummary}`,
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
  expect.soft(wrong).toEqual([]);
}

function isDark(page: Page): Promise<boolean> {
  return page.evaluate(
    () => window.matchMedia('(prefers-color-scheme: dark)').matches,
  );
}

/** Longer than any colour is on its way. */
const STILL_MS = 2_000;

/**
 * Waits for what moves to its end: a colour on its way has a contrast that nobody meant. What stands still half way, as on
 * the overview of an entity, has no end.
 */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async longest => {
    await new Promise(requestAnimationFrame);
    const moving = document
      .getAnimations()
      .filter(each => each.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.race([
      Promise.allSettled(moving.map(({ finished }) => finished)),
      new Promise(done => {
        setTimeout(done, longest);
      }),
    ]);
  }, STILL_MS);
}
