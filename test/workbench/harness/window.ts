import { setTimeout as delay } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, CDPSession, FrameLocator, Locator, Page } from 'playwright-core';
import { violationsIn } from './accessibility.ts';
import { hung } from './deadlines.ts';
import type { Place } from './driver.ts';
import { runningEngine } from './engine.ts';
import { watch, type Monitor } from './monitor.ts';
import { QuickInput } from './quickInput.ts';
import type { WorkbenchServer } from './server.ts';
import { actUntil } from './until.ts';
import { newWindowContext, viewport } from './windowContext.ts';

export const screenshots = path.resolve(import.meta.dirname, '../../results/screenshots');

/** The four themes that every view is tested in. */
export const themes = ['dark', 'light', 'hc', 'hc-light'] as const;
export type Theme = (typeof themes)[number];

const themeClass: Readonly<Record<Theme, string>> = {
  dark: 'vs-dark',
  light: 'vs',
  hc: 'hc-black',
  'hc-light': 'hc-light',
};

const themeKind: Readonly<Record<Theme, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  hc: 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light',
};

/** A visible webview. `frame` finds its parts; its locators are lazy and survive reloads. */
export interface Webview {
  readonly frame: FrameLocator;
  /** CSS selector of the outer frame in the page. */
  readonly selector: string;
}

/** The parts of a page's window that a function in the page uses. */
interface PageWindow {
  readonly innerWidth: number;
  requestAnimationFrame(next: () => void): void;
}

/** Runs in a page: resolves two frames after its window has this width, when its own observers have run. */
const hasWidth = async (_element: unknown, width: number): Promise<void> => {
  const page = globalThis as unknown as PageWindow;
  for (let frames = 0; frames < 2; frames = Math.abs(page.innerWidth - width) > 1 ? 0 : frames + 1)
    await new Promise<void>((resolve) => {
      page.requestAnimationFrame(resolve);
    });
};

/** One window of the workbench in a browser, with user actions. */
export class WorkbenchWindow {
  readonly page: Page;
  readonly monitor: Monitor;
  readonly quickInput: QuickInput;
  /** The workspace folder, a copy that the test may change. */
  readonly folder: string;
  #theme: Theme = 'dark';
  readonly #added = new Set<string>();
  #camera: CDPSession | undefined;

  private constructor(
    page: Page,
    monitor: Monitor,
    folder: string,
    private readonly server: WorkbenchServer,
  ) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.monitor = monitor;
    this.folder = folder;
  }

  /** Process id of the engine of this window; null if none runs. */
  get runningEngine(): number | null {
    return runningEngine(this.server.pid);
  }

  /** Process id of the engine of this window. @throws AssertionError if none runs */
  get enginePid(): number {
    const pid = this.runningEngine;
    assert.ok(pid !== null, 'no engine runs');
    return pid;
  }

  /** Opens a folder and resolves when RecSample's icon is in the activity bar. */
  static async open(
    browser: Browser,
    server: WorkbenchServer,
    folder: string,
    language?: string,
  ): Promise<WorkbenchWindow> {
    const context = await newWindowContext(browser);
    // What a language pack sets. The workbench's own texts stay English; RecSample's are translated.
    if (language !== undefined)
      await context.addInitScript({ content: `globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};` });
    const page = await context.newPage();
    const window = new WorkbenchWindow(page, await watch(context, page), folder, server);
    server.driver.forget();
    await page.goto(`${server.url}/?${new URLSearchParams({ folder }).toString()}`, {
      waitUntil: 'domcontentloaded',
      timeout: hung,
    });
    await window.#ready();
    // An earlier test may have left another theme in the settings.
    const asOpened = (await page.locator('.monaco-workbench').getAttribute('class')) ?? '';
    if (!asOpened.split(' ').includes(themeClass.dark)) await window.#useTheme('dark');
    return window;
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** Resolves when the workbench is loaded and RecSample's icon is in the activity bar. */
  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor();
    await this.activityIcon.waitFor();
  }

  /** RecSample's icon in the activity bar. */
  get activityIcon() {
    return this.page.locator('.activitybar .action-item a[aria-label^="RecSample"]');
  }

  /** The items of the side bar's trees. */
  get treeItems() {
    return this.page.locator('[id="workbench.parts.sidebar"] [role="treeitem"]');
  }

  /**
   * Shows the side bar if it is not shown. Resolves when the Samples tree has the data set names from the configs and
   * the text files next to them. The tree is redrawn then, and the menu of a redrawn item does nothing.
   */
  async openSideBar(): Promise<void> {
    // A click on the icon of a visible view hides it.
    if (!(await this.page.locator('[id="workbench.view.extension.recsample"]').isVisible()))
      await this.activityIcon.click();
    await this.treeItems.filter({ hasText: 'users.parquet' }).filter({ hasText: 'users · data' }).waitFor();
    await this.treeItems.filter({ hasText: 'users.jsonl.gz' }).waitFor();
  }

  /**
   * Resolves when the workbench notices created and deleted files. Its watcher starts some time after the window,
   * without any event. Writes a probe file until the Samples tree shows it, then removes it. Shows the side bar.
   */
  async watching(): Promise<void> {
    await this.openSideBar();
    const probe = path.join(this.folder, 'out', 'probe.parquet');
    const shown = this.treeItems.filter({ hasText: 'probe.parquet' }).first();
    await actUntil(shown, () => {
      rmSync(probe, { force: true });
      copyFileSync(path.join(this.folder, 'data', 'items.parquet'), probe);
      return Promise.resolve();
    });
    rmSync(probe);
    await shown.waitFor({ state: 'detached' });
  }

  /** Adds a file to the workspace for this test and those that continue it. The window removes it after them. */
  addFile(place: string, text: string): void {
    this.#added.add(place);
    writeFileSync(path.join(this.folder, place), text);
  }

  #removeAdded(): void {
    for (const place of this.#added) rmSync(path.join(this.folder, place), { force: true });
  }

  /** Opens a file with a click on its item in the Explorer. */
  async openFromExplorer(name: string): Promise<void> {
    const tab = this.page.locator('.tabs-container .tab', { hasText: name });
    // The Explorer is redrawn when decorations arrive. A click during this opens nothing.
    await actUntil(tab, () => this.page.getByRole('treeitem', { name }).click());
  }

  /** Chooses an entry of the context menu of a tree item. */
  async contextMenu(item: Locator, entry: string, submenu?: string): Promise<void> {
    const menuItem = this.page.getByRole('menuitem', { name: submenu ?? entry });
    // A tree that is redrawn during the click opens no menu. A menu that opens late is closed before the next click.
    await actUntil(menuItem, async (isRepeated) => {
      if (isRepeated) await this.page.keyboard.press('Escape');
      await item.click({ button: 'right' });
    });
    // Uses keys, because the menu ignores mouse buttons for a moment after it opens. The mouse leaves the menu first:
    // otherwise the entry under it could take the focus after the keys.
    const status = await this.page.locator('[id="workbench.parts.statusbar"]').boundingBox();
    assert.ok(status);
    await this.page.mouse.move(status.x + status.width / 2, status.y + status.height / 2);
    for (const name of submenu === undefined ? [entry] : [submenu, entry]) {
      // The item of an open submenu contains those of the submenu.
      const focused = this.page.locator('.action-item.focused', { hasText: name }).last();
      for (let step = 0; step < 30 && !(await focused.isVisible()); step++) await this.page.keyboard.press('ArrowDown');
      await focused.waitFor();
      await this.page.keyboard.press(name === entry ? 'Enter' : 'ArrowRight');
    }
  }

  /** Runs a command by its complete title, including the category: `RecSample: Show Log`. */
  async runCommand(title: string): Promise<void> {
    // The palette lists the commands that are enabled when it opens. A command that waits for workspace trust may be
    // enabled a moment later.
    await actUntil(this.quickInput.named(title), async (isRepeated) => {
      if (isRepeated) await this.page.keyboard.press('Escape');
      await this.quickInput.open('F1', `>${title}`);
    });
    await this.quickInput.pick(title);
  }

  /** Runs a command by its id. A command of RecSample is chosen in the palette at least once (`runCommand`). */
  execute = (id: string): Promise<void> => this.server.driver.ask('command', { id });

  /** Opens a file by its path in the workspace. `configs/keyboardOnly.ts` does so with Ctrl+P. */
  openFile = (file: string): Promise<void> => this.server.driver.ask('open', { file });

  /** Selects text of a visible file, and shows it in the middle of its editor. */
  select = (file: string, start: Place, end: Place): Promise<void> =>
    this.server.driver.ask('select', { file, start, end });

  /**
   * Closes the tab with this text by its button. `View: Close Editor` closes that of the active group, which can be
   * another one: a webview that was clicked reports its focus up to a quarter of a second later.
   */
  async closeTab(text: string): Promise<void> {
    const tab = this.page.locator('.tabs-container .tab', { hasText: text });
    await tab.locator('.tab-actions .action-label').click();
    await tab.waitFor({ state: 'detached' });
  }

  /** The visible webview whose document has this title; waits for it. */
  async webview(title: string | RegExp, timeout = hung): Promise<Webview> {
    const deadline = Date.now() + timeout;
    const outer = this.page.locator('iframe.webview.ready').filter({ visible: true });
    const seen = new Set<string>();
    for (let pause = 50; Date.now() < deadline; pause = Math.min(2 * pause, 400)) {
      for (const visible of await outer.all()) {
        const name = await visible.getAttribute('name', { timeout: 3000 }).catch(() => null);
        if (name === null) continue;
        const selector = `iframe.webview[name="${name}"]`;
        const frame = this.page.locator(selector).contentFrame().locator('iframe#active-frame').contentFrame();
        // The pictures of a chart have titles too.
        const found = await frame
          .locator('head title')
          .textContent({ timeout: 3000 })
          .catch(() => null);
        if (found === null) continue;
        seen.add(found);
        if (typeof title === 'string' ? found === title : title.test(found)) return { frame, selector };
      }
      // A frame of another origin does not report its title. Each look costs several messages to the browser.
      await delay(pause);
    }
    const tabs = await this.page.locator('.tabs-container .tab').allTextContents();
    const list = (names: Iterable<string>): string => [...names].join(', ') || 'none';
    throw new Error(`no visible webview titled ${String(title)}; there were: ${list(seen)}; tabs: ${list(tabs)}`);
  }

  /** The active Markdown page as VS Code renders it; its document has no title. */
  get markdownPage(): FrameLocator {
    return this.page
      .locator('iframe.webview.ready')
      .filter({ visible: true })
      .first()
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  get theme(): Theme {
    return this.#theme;
  }

  /** Changes the theme and waits until the workbench shows it; `themed` waits for a webview. */
  async setTheme(theme: Theme): Promise<void> {
    if (theme !== this.#theme) await this.#useTheme(theme);
  }

  async #useTheme(theme: Theme): Promise<void> {
    await this.server.driver.ask('theme', { name: theme });
    await this.page.locator(`.monaco-workbench.${themeClass[theme]}`).waitFor();
    this.#theme = theme;
  }

  /** Reloads the window like `Developer: Reload Window`, and waits until RecSample is ready again. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('domcontentloaded');
    await this.server.driver.ask('reload', {});
    await loaded;
    await this.#ready();
  }

  /** Writes `test/results/screenshots/<name>.<theme>.png`. Before the call, wait for what the picture must show. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    this.#camera ??= await this.context.newCDPSession(this.page);
    await this.page.evaluate('document.fonts.ready.then(() => undefined)');
    // A file that is a quarter larger, for half of the processor time: Playwright cannot ask for it. Unlike Playwright,
    // this does not hide the caret.
    const { data } = await this.#camera.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true });
    writeFileSync(path.join(screenshots, `${name}.${this.#theme}.png`), data, 'base64');
  }

  /** Resolves when a webview has the theme of the window; it gets the theme later than the workbench. */
  async themed(webview: Webview): Promise<void> {
    await webview.frame.locator(`body[data-vscode-theme-kind="${themeKind[this.#theme]}"]`).waitFor();
  }

  /**
   * Changes the size of the window. Resolves when the workbench and the pages of its webviews are laid out in that
   * size. A click before that can reach another place than the one it was for.
   */
  async resize({ width, height }: { readonly width: number; readonly height: number }): Promise<void> {
    await this.page.setViewportSize({ width, height });
    await this.page.locator('.monaco-workbench').evaluate(hasWidth, width);
    for (const visible of await this.page.locator('iframe.webview.ready').filter({ visible: true }).all()) {
      const inner = await visible.evaluate((frame: { readonly clientWidth: number }) => frame.clientWidth);
      const page = visible.contentFrame().locator('iframe#active-frame').contentFrame();
      await page.locator('body').evaluate(hasWidth, inner);
    }
  }

  /** Sets the width of the side bar in pixels by dragging its edge. */
  async resizeSideBar(width: number): Promise<void> {
    const box = await this.page.locator('[id="workbench.parts.sidebar"]').boundingBox();
    assert.ok(box);
    const [edge, middle] = [box.x + box.width, box.y + box.height / 3];
    await this.page.mouse.move(edge, middle);
    await this.page.mouse.down();
    await this.page.mouse.move(edge - box.width + width, middle, { steps: 4 });
    await this.page.mouse.up();
    // The edge is highlighted while the mouse is on it.
    await this.page.mouse.move(edge + 400, middle);
  }

  /** Checks a webview with axe. @throws AssertionError that lists rule, element and advice of each violation */
  async checkAccessibility(webview: Webview): Promise<void> {
    await this.themed(webview);
    const violations = await violationsIn(webview.frame.locator('body'), { onlyColours: this.#theme !== 'dark' });
    const lines = violations.map(
      ({ rule, html, advice }) => `${rule}: ${html.slice(0, 160)}\n    ${advice.replaceAll('\n', '\n    ')}`,
    );
    assert.deepEqual(lines, [], `axe found ${lines.length} violations in theme ${this.#theme}:\n${lines.join('\n')}`);
  }

  /**
   * Removes the added files, closes all tabs, reverts unsaved text, and shows the first view in the first size and
   * theme.
   * @throws Error if this is not possible, for example because of an open dialog
   */
  async reset(): Promise<void> {
    for (const page of this.context.pages()) if (page !== this.page) await page.close();
    this.#removeAdded();
    // The trees move when they notice this. A click of the next test could then meet another row.
    for (const place of this.#added)
      await this.treeItems
        .filter({ hasText: path.basename(place) })
        .first()
        .waitFor({ state: 'detached' });
    this.#added.clear();
    await this.page.setViewportSize(viewport);
    await this.server.driver.ask('reset', {});
    await this.page.locator('.tabs-container .tab').first().waitFor({ state: 'detached' });
    await this.page.locator('[id="workbench.view.explorer"]').waitFor();
    await this.setTheme('dark');
    assert.equal(await this.page.locator('.monaco-dialog-box').count(), 0, 'a dialog is open');
  }

  async close(): Promise<void> {
    this.#removeAdded();
    await this.context.close();
  }

  /** Checks what every test must guarantee, and forgets what was seen. `toasts`: the expected notifications. */
  checkQuiet(toasts: readonly RegExp[] = []): void {
    const { outside, violations, toasts: shown } = this.monitor.take();
    assert.deepEqual(outside, [], 'a request left 127.0.0.1');
    assert.deepEqual(violations, [], 'a content security policy was violated');
    assert.deepEqual(
      shown.filter((text) => !toasts.some((expected) => expected.test(text))),
      [],
      'an unexpected notification appeared',
    );
  }
}
