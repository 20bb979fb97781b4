import type { Locator } from 'playwright-core';
import { actUntil } from './until.ts';
import { wheelTo } from './wheelTo.ts';
import type { WorkbenchWindow } from './window.ts';

/**
 * Expands the first item of the side bar with this text, with the arrow before its name. Resolves when a child is
 * shown. A tree that is drawn again at the same time loses the click, or collapses the item again.
 */
export async function expandItem(window: WorkbenchWindow, text: string, child: Locator): Promise<void> {
  await actUntil(child, () => setExpanded(itemOf(window, text), true));
}

/**
 * Expands a config with one stage until an entry of it is shown. The reset before a test collapses both; the stage
 * expands by itself only if the config is drawn again after that.
 */
export async function expandStage(window: WorkbenchWindow, config: string, entry: Locator): Promise<void> {
  await expandItem(window, config, itemOf(window, 'per positive'));
  await expandItem(window, 'per positive', entry);
}

/** Collapses the first item of the side bar with this text, with the arrow before its name. */
export async function collapseItem(window: WorkbenchWindow, text: string): Promise<void> {
  const item = itemOf(window, text);
  await actUntil(item.and(window.page.locator('[aria-expanded="false"]')), () => setExpanded(item, false));
}

const itemOf = (window: WorkbenchWindow, text: string): Locator => window.treeItems.filter({ hasText: text }).first();

/** One click on the arrow of a tree item, if it is in the other state. */
async function setExpanded(item: Locator, expanded: boolean): Promise<void> {
  await wheelTo(item);
  if ((await item.getAttribute('aria-expanded')) !== `${expanded}`) await item.locator('.monaco-tl-twistie').click();
}
