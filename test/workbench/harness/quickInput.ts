import type { Locator, Page } from 'playwright-core';
import { hung } from './deadlines.ts';
import { actUntil, inTime } from './until.ts';

/**
 * Presses a key of the workbench until something is visible. A keystroke is lost while a new webview takes the
 * focus, because its inner page does not forward keys yet.
 */
export async function pressUntil(page: Page, key: string, wanted: Locator): Promise<void> {
  const press = async (): Promise<void> => {
    await page
      .locator('iframe:focus')
      .evaluateAll((frames: readonly { blur(): void }[]) => frames.forEach((frame) => frame.blur()));
    await page.keyboard.press(key);
  };
  await actUntil(wanted, press, 2000);
}

/** The input and list at the top of the window: the palette, the search for files, and the questions of commands. */
export class QuickInput {
  readonly input: Locator;
  readonly rows: Locator;

  constructor(private readonly page: Page) {
    this.input = page.locator('.quick-input-widget input').first();
    this.rows = page.locator('.quick-input-list .monaco-list-row');
  }

  /** The first row whose label has this text. Descriptions of other rows may have it too. */
  labelled(text: RegExp): Locator {
    return this.rows.filter({ has: this.page.locator('.label-name', { hasText: text }) }).first();
  }

  /** By its complete name: the last used entry comes first and may only have the same prefix. */
  named(name: string): Locator {
    return this.labelled(new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(…|\\.\\.\\.)?$`));
  }

  /** Opens it with a key and types a text. */
  async open(key: string, text: string): Promise<void> {
    await pressUntil(this.page, key, this.input);
    await this.input.fill(text);
  }

  /** Clicks the row with this name, which closes the list. */
  async pick(name: string): Promise<void> {
    const row = this.named(name);
    const deadline = Date.now() + hung;
    // The list is redrawn when results arrive, and a click in between is lost.
    await row.click();
    while (!(await inTime(row.waitFor({ state: 'hidden', timeout: 5000 }), deadline))) {
      // A click that is only late has closed the list by then.
      await inTime(row.click({ timeout: 5000 }), deadline);
    }
  }

  /** Presses Enter in a question. It gets the focus a little after it is shown; before, another part gets the key. */
  async accept(): Promise<void> {
    await this.page.locator('.quick-input-widget input:focus').waitFor();
    await this.page.keyboard.press('Enter');
  }
}
