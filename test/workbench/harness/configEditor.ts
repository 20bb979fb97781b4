import type { Locator } from 'playwright-core';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Place } from './driver.ts';
import { actUntil, until } from './until.ts';
import type { WorkbenchWindow } from './window.ts';

/** The part of a hover element that shows its fade-in. */
interface Fading {
  getAnimations(options: { readonly subtree: boolean }): readonly { readonly finished: Promise<unknown> }[];
}

/** The tab of a file if it is the active one. That of a preview has its name too, but not as a resource. */
export const activeTab = (window: WorkbenchWindow, place: string): Locator =>
  window.page.locator(`.tab.active[data-resource-name="${path.basename(place)}"]`);

/** A ratio config in the editor: finds places by their text and performs user actions. */
export class ConfigEditor {
  private constructor(
    readonly window: WorkbenchWindow,
    readonly place: string,
    readonly root: Locator,
  ) {}

  /**
   * Opens a config and waits for the language server: its lenses appear above the stages. What a test types
   * is undone when the window is reset for the next test.
   */
  static async open(window: WorkbenchWindow, place: string): Promise<ConfigEditor> {
    await window.openFile(place);
    return ConfigEditor.of(window, place);
  }

  /** Opens a config with a click on its item in the Ratio Configs view. */
  static async openFromTree(window: WorkbenchWindow, place: string): Promise<ConfigEditor> {
    const item = window.treeItems.filter({ hasText: path.basename(place) }).first();
    // An item that is drawn again during the click opens nothing.
    await actUntil(activeTab(window, place), () => item.click());
    return ConfigEditor.of(window, place);
  }

  /** The visible config, at its top. */
  static async of(window: WorkbenchWindow, place: string): Promise<ConfigEditor> {
    const editor = await ConfigEditor.shown(window, place);
    await editor.lens(/Validate|校验/).waitFor();
    return editor;
  }

  /** The visible config, wherever it is scrolled to: its lenses may be hidden. */
  static async shown(window: WorkbenchWindow, place: string): Promise<ConfigEditor> {
    await activeTab(window, place).waitFor();
    return new ConfigEditor(window, place, window.page.locator('.editor-instance .monaco-editor').first());
  }

  /**
   * Resolves when the config's data are counted. Hints and hovers then show the counts, and the lenses are drawn again;
   * an earlier click would be lost.
   */
  async counted(): Promise<void> {
    await this.root
      .locator('.codelens-decoration', { hasText: /[≤≈] [\d.,kM]+ (rows|行)/ })
      .first()
      .waitFor();
  }

  lens(text: RegExp): Locator {
    return this.root.locator('.codelens-decoration a', { hasText: text }).first();
  }
  squiggle(severity: 'error' | 'warning' | 'info'): Locator {
    return this.root.locator(`.squiggly-${severity}`).first();
  }
  /** An inlay hint: text after a value that is not part of the file. */
  hint(text: string): Locator {
    return this.root.locator('.view-line [class*="dyn-rule"]', { hasText: text }).first();
  }
  get lightBulb(): Locator {
    return this.window.page
      .locator('.lightBulbWidget, .codicon-gutter-lightbulb-auto-fix, .codicon-gutter-lightbulb')
      .filter({ visible: true })
      .first();
  }
  /** Opens the fixes at the cursor with the light bulb. */
  async openFixes(): Promise<void> {
    await this.fixesKnown();
    await this.lightBulb.click();
  }
  /** Opens the fixes at the cursor with Ctrl+. */
  async openFixesByKey(): Promise<void> {
    await this.fixesKnown();
    await this.window.page.keyboard.press('Control+.');
  }
  /**
   * Resolves when the light bulb is on the line of the cursor. The workbench asks for the fixes itself a moment after
   * the cursor has moved, and this drops an earlier request. Until they are known, the bulb of an earlier place stays
   * on its line.
   */
  private async fixesKnown(): Promise<void> {
    const { page } = this.window;
    const cursor = page.locator('.monaco-editor .cursors-layer .cursor').filter({ visible: true }).first();
    const onLine = async (): Promise<boolean> => {
      if ((await cursor.count()) === 0 || (await this.lightBulb.count()) === 0) return false;
      const [line = null, bulb = null] = await Promise.all(
        [cursor, this.lightBulb].map((one) => one.boundingBox({ timeout: 1000 }).catch(() => null)),
      );
      return (
        line !== null &&
        bulb !== null &&
        Math.abs(line.y + line.height / 2 - bulb.y - bulb.height / 2) < line.height / 2
      );
    };
    await until(page, onLine, () => 'a light bulb on the line of the cursor');
  }
  get hover(): Locator {
    return this.window.page.locator('.monaco-hover:not(.hidden)').filter({ visible: true }).first();
  }
  get suggestions(): Locator {
    return this.window.page.locator('.suggest-widget.visible .monaco-list-row');
  }
  get actions(): Locator {
    return this.window.page.locator('.action-widget .monaco-list-row.action');
  }

  /** Puts the cursor `offset` characters after the start of the first occurrence of a text in the file on disk. */
  async goTo(text: string, offset = 0): Promise<void> {
    const [place] = this.#places(text, offset);
    await this.#select(place, place);
  }

  /** Places of the first occurrence of a text in the file on disk: `offset` characters after its start, and its end. */
  #places(text: string, offset = 0): readonly [Place, Place] {
    const file = readFileSync(path.join(this.window.folder, this.place), 'utf8');
    const at = file.indexOf(text);
    assert.ok(at >= 0, `${text} is not in ${this.place}`);
    const placeOf = (end: number): Place => {
      const lines = file.slice(0, end).split('\n');
      return { line: lines.length - 1, character: (lines.at(-1) ?? '').length };
    };
    return [placeOf(at + offset), placeOf(at + text.length)];
  }

  /** Resolves when the editor has the focus. Keys pressed before are lost. */
  async focused(): Promise<void> {
    await this.root.and(this.window.page.locator('.focused')).waitFor();
  }

  /** Resolves when the editor has the focus and the cursor is at `end`. */
  async #select(start: Place, end: Place): Promise<void> {
    const { page } = this.window;
    await this.window.select(this.place, start, end);
    await this.focused();
    await page
      .locator('.statusbar-item', { hasText: new RegExp(`^Ln ${end.line + 1}, Col ${end.character + 1}(?!\\d)`) })
      .waitFor();
  }

  /**
   * Requests completions at the cursor until one has this text. A cursor or focus change shortly after a request closes
   * the list.
   */
  async propose(text: string): Promise<void> {
    const { keyboard } = this.window.page;
    await actUntil(this.suggestions.filter({ hasText: text }).first(), () => keyboard.press('Control+Space'), 10_000);
  }

  /**
   * Types over the first occurrence of a text of the file on disk, and leaves the cursor `back` characters before the
   * end of the typed text. Does not save.
   */
  async replace(text: string, by: string, back = 0): Promise<void> {
    await this.#select(...this.#places(text));
    const { keyboard } = this.window.page;
    await keyboard.insertText(by);
    for (let k = 0; k < back; k++) await keyboard.press('ArrowLeft');
  }

  /** The first visible line with a text, without its inlay hints. */
  async line(text: string): Promise<string> {
    const line = this.root.locator('.view-line', { hasText: text }).first();
    const parts = await line.locator('> span > span:not([class*="dyn-rule"])').allTextContents();
    return parts.join('').replaceAll('\u00a0', ' ');
  }

  /** Resolves when the first visible line with a text matches: an edit of VS Code follows a key a moment later. */
  async becomes(text: string, wanted: RegExp): Promise<void> {
    let seen = '';
    let lines: readonly string[] = [];
    const isWanted = async (): Promise<boolean> => {
      lines = await this.root.locator('.view-line').allTextContents();
      seen = await this.line(text);
      return wanted.test(seen);
    };
    await until(
      this.window.page,
      isWanted,
      () => `a line that matches ${String(wanted)}; it is: ${seen}. Visible are\n${lines.join('\n')}`,
    );
  }

  /** Shows the hover at the cursor with its command. Resolves to the part with exactly this text. */
  async showHover(text: string): Promise<Locator> {
    await this.window.execute('editor.action.showHover');
    const part = this.hover.locator('.hover-row').filter({ has: this.window.page.getByText(text, { exact: true }) });
    await part.waitFor();
    return part;
  }

  /** Keeps the mouse on a key until the hover is shown and has faded in. */
  async rest(key: string): Promise<void> {
    await this.root
      .locator('.view-line span', { hasText: new RegExp(`^${key}$`) })
      .first()
      .hover();
    await this.hover.locator('.hover-row').first().waitFor();
    await this.hover.evaluate((hover: Fading) =>
      Promise.all(hover.getAnimations({ subtree: true }).map(({ finished }) => finished.catch(() => undefined))),
    );
  }
}
