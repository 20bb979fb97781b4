import type { Locator, Page } from 'playwright-core';

/**
 * Presses a key of the workbench until something is visible. A keystroke is lost while a new webview takes the
 * focus, because its inner page does not forward keys yet.
 */
export async function pressUntil(page: Page, key: string, wanted: Locator): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await page
      .locator('iframe:focus')
      .evaluateAll((frames: readonly { blur(): void }[]) => frames.forEach((frame) => frame.blur()));
    await page.keyboard.press(key);
    try {
      await wanted.waitFor({ timeout: 2000 });
      return;
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}

/** The input and the list at the top of the window: the palette, the search for files, and the questions of commands. */
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
    for (let attempt = 1; ; attempt++) {
      await row.click();
      try {
        await row.waitFor({ state: 'hidden', timeout: 5000 });
        return;
      } catch (error) {
        // The list is redrawn when results arrive, and a click in between is lost.
        if (attempt === 3) throw error;
      }
    }
  }
}
