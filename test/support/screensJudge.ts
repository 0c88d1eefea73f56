// Owns what is judged of any screen: WCAG, targets for a thumb, and that nothing sticks out.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const TARGET_PX_MIN = 44;

export async function axe(page: Page): Promise<string[]> {
  // Amid a change of colour, letters and ground are of two looks.
  await page.evaluate(() => {
    const changes = document.getAnimations().filter((one) => one instanceof CSSTransition);
    return Promise.allSettled(changes.map(({ finished }) => finished)).then(() => undefined);
  });
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** Controls smaller than a thumb, by what they are. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const controls = document.querySelectorAll<HTMLElement>(
      'button, input:not([type=radio], [role=switch]), label.button, label.switch, a, ' +
        '[role=option], [role=menuitem]',
    );
    return [...controls].flatMap((control) => {
      const { width, height } = control.getBoundingClientRect();
      // React Aria keeps a native select for form filling, out of sight and out of reach.
      const isHidden = width <= 1 || height <= 1 || control.closest('[aria-hidden=true]') !== null;
      return isHidden || (width >= least && height >= least)
        ? []
        : [`${control.outerHTML.slice(0, 120)}: ${width} x ${height}`];
    });
  }, TARGET_PX_MIN);
}

/** What sticks out of the window or of the card that it stands in. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const window_ = { right: innerWidth + 0.5, bottom: innerHeight + 0.5 };
    const cards = [...document.querySelectorAll<HTMLElement>('.card')];
    const outside = [...document.querySelectorAll<HTMLElement>('header, footer, .card, header *')]
      // React Aria keeps a native select for form filling, out of sight and out of reach.
      .filter((element) => element.closest('[aria-hidden=true]') === null)
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.right > window_.right || box.bottom > window_.bottom || box.left < -0.5;
      })
      .map((element) => `outside the window: ${element.outerHTML.slice(0, 100)}`);
    const spilled = cards.flatMap((card) => {
      const bottom = card.getBoundingClientRect().bottom + 0.5;
      return [...card.children]
        .filter((child) => child.getBoundingClientRect().bottom > bottom)
        .filter(() => getComputedStyle(card).overflowY !== 'auto')
        .map((child) => `out of its card: ${child.outerHTML.slice(0, 100)}`);
    });
    const wide = cards
      .filter((card) => card.scrollWidth > card.clientWidth)
      .map((card) => `wider than its card: ${card.getAttribute('aria-label') ?? ''}`);
    return [...outside, ...spilled, ...wide];
  });
}

/** Everything that is wrong with the screen as it stands, in words. */
export async function faultsOf(page: Page): Promise<string[]> {
  return [...(await axe(page)), ...(await smallTargets(page)), ...(await overflowing(page))];
}
