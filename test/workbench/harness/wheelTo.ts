import type { Locator } from 'playwright-core';

/** Turns the wheel until an item of a tree is visible. A tree does not scroll for a click on a row below its pane. */
export async function wheelTo(item: Locator): Promise<void> {
  const page = item.page();
  const tree = item.locator('xpath=ancestor::*[contains(concat(" ", @class, " "), " monaco-list ")][1]');
  for (let turns = 0; turns < 50; turns++) {
    const [row, pane] = [await item.boundingBox(), await tree.boundingBox()];
    if (row === null || pane === null) {
      // The tree is drawn again.
      await item.waitFor();
      continue;
    }
    const [above, below] = [pane.y - row.y, row.y + row.height - pane.y - pane.height];
    if (above <= 0 && below <= 0) return;
    await page.mouse.move(pane.x + pane.width / 2, pane.y + pane.height / 2);
    await page.mouse.wheel(0, above > 0 ? -row.height : row.height);
  }
}
