import type { Locator } from 'playwright-core';
import path from 'node:path';
import { ConfigEditor } from './configEditor.ts';
import { hung } from './deadlines.ts';
import { inTime, until } from './until.ts';
import type { Webview, WorkbenchWindow } from './window.ts';

/** The parts of the draw list in the page that the tests read. */
interface Lines {
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>;
}

/** A config of the demo workspace with one stage and five entries. */
export const recallConfig = 'configs/recall.ratio.yaml';

/** A config of the demo workspace with two sequences. */
export const historiesConfig = 'configs/histories.ratio.yaml';

/** A user of the demo workspace with 132 exposures in twelve requests, and nine clicks. */
export const activeUser = '7203685477535834021';

const titleOf = (place: string, stage: string): string => `Preview: ${path.basename(place)} · ${stage}`;

/** A user of the demo workspace with one positive and all of its ten negatives; one attempt was rejected. */
export const healthyUser = '7203685477560263749';

/** The preview of a stage in a window: finds its parts like a user and performs user actions. */
export class PreviewView {
  readonly frame: Webview['frame'];

  private constructor(
    readonly window: WorkbenchWindow,
    readonly webview: Webview,
  ) {
    this.frame = webview.frame;
  }

  /**
   * Opens a config, and the preview of its first stage with the lens above it. The config stays visible next to it.
   * `restricted`: no data is counted first.
   */
  static async open(
    window: WorkbenchWindow,
    place: string,
    stage: string,
    { restricted = false } = {},
  ): Promise<{ readonly editor: ConfigEditor; readonly view: PreviewView }> {
    const editor = await ConfigEditor.open(window, place);
    if (!restricted) await editor.counted();
    await editor.lens(/^Preview$/).click();
    // A preview that the test before has left is ready already, but the click has yet to show it.
    await window.page
      .locator('.editor-group-container.active .tab.active', { hasText: titleOf(place, stage) })
      .waitFor();
    return { editor, view: await PreviewView.of(window, place, stage) };
  }

  /** The visible preview, once its layout is ready. */
  static async of(window: WorkbenchWindow, place: string, stage: string): Promise<PreviewView> {
    const view = new PreviewView(window, await window.webview(titleOf(place, stage)));
    await view.frame.locator('rs-preview-footer').waitFor();
    // The first users are there, if any are found.
    await view.frame.locator('rs-preview[aria-busy=false]').waitFor();
    return view;
  }

  /** The users of the list. A narrow preview shows them in a drop-down and hides the list. */
  get users(): Locator {
    return this.frame.locator('rs-preview-users .user');
  }
  get draws(): Locator {
    return this.frame.locator('rs-draw-list .line.draw');
  }
  get groups(): Locator {
    return this.frame.locator('rs-draw-list .line.group');
  }
  get footer(): Locator {
    return this.frame.locator('rs-preview-footer');
  }

  get seed(): Locator {
    return this.frame.getByRole('textbox', { name: 'Seed', exact: true });
  }

  slider(name: string): Locator {
    return this.frame.getByRole('slider', { name, exact: true });
  }
  /** A button may have an icon before its name, and the icon is a character too. */
  button(name: string): Locator {
    return this.frame.getByRole('button', { name: new RegExp(`(^|\\s)${name}$`) });
  }
  /** A slider at this value; the slider changes before the text does. */
  at(name: string, value: string): Locator {
    return this.slider(name).and(this.frame.locator(`[aria-valuetext="${value}"]`));
  }

  /** Adds users with the links next to the list, and waits for their draws. */
  async add(...kinds: readonly ('heaviest' | 'coldest' | 'random')[]): Promise<void> {
    for (const kind of kinds) {
      const before = await this.users.count();
      await this.frame
        .getByRole('button', { name: `Add ${kind}` })
        .filter({ visible: true })
        .first()
        .click();
      await this.users.nth(before).waitFor({ state: 'attached' });
      await this.drawn(before + 1);
    }
  }

  /** Ensures that there is at least one user: an earlier window may have left its users. */
  async some(): Promise<void> {
    const users = await this.users.count();
    if (users === 0) await this.add('heaviest');
    else await this.drawn(users);
  }

  /** Adds a user by id. */
  async pick(user: string): Promise<void> {
    await pickUser(this.window, this.frame, user, this.button('Add user').first());
  }

  /** Chooses a user. Resolves when the list has the draws of that user. */
  async choose(user: string): Promise<void> {
    await this.frame.locator('#user-choice').selectOption(user);
    await this.frame.locator(`rs-draw-list [role="treegrid"][aria-label$="${user}"]`).waitFor();
  }

  /** Removes all users. */
  async clear(): Promise<void> {
    for (let count = await this.users.count(); count > 0; count--) {
      await this.frame.locator('.narrow').getByRole('button', { name: 'Remove this user' }).click();
      await this.users.nth(count - 1).waitFor({ state: 'detached' });
    }
  }

  /** Ids of the users in the list. */
  ids(): Promise<string[]> {
    return this.users.locator('.mono').allTextContents();
  }

  /** Resolves when an answer for this number of users is shown. */
  async drawn(users: number): Promise<void> {
    await this.footer.getByText(users === 1 ? /^1 user, / : new RegExp(`^${users} users, `)).waitFor();
  }

  /** The draws of the chosen user: the visible rows as text. */
  async rows(): Promise<string[]> {
    await this.draws.first().waitFor();
    // Read in one step: finding the rows first would mix two answers if the list is redrawn in between.
    const texts = await this.frame
      .locator('rs-draw-list')
      .evaluate((list: Lines) => Array.from(list.querySelectorAll('.line.draw'), ({ textContent }) => textContent));
    return texts.map((text) => text.replace(/\s+/g, ' ').trim());
  }

  rowsOnceLike(expected: readonly string[]): Promise<string[]> {
    return this.#rowsOnce((rows) => rows.join('\n') === expected.join('\n'), `the rows\n${expected.join('\n')}`);
  }
  rowsOnceOtherThan(others: readonly string[]): Promise<string[]> {
    return this.#rowsOnce((rows) => rows.join('\n') !== others.join('\n'), 'other rows');
  }

  async #rowsOnce(holds: (rows: readonly string[]) => boolean, what: string): Promise<string[]> {
    let rows: string[] = [];
    // A list that is loaded again may be empty for a moment.
    await until(
      this.window.page,
      async () => (rows = await this.rows()).length > 0 && holds(rows),
      () => `${what}; there are\n${rows.join('\n')}`,
    );
    return rows;
  }

  /** Enlarges the preview by dragging the edge between it and the config. */
  async widen(): Promise<void> {
    const { page } = this.window;
    const box = await page.locator('.editor-group-container').nth(1).boundingBox();
    if (!box) throw new Error('the preview has no group of its own');
    await page.mouse.move(box.x, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x - 220, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
  }
}

/** Adds a user by id. `button`: the one that adds users. */
export async function pickUser(
  { page, quickInput }: WorkbenchWindow,
  frame: Webview['frame'],
  user: string,
  button: Locator,
): Promise<void> {
  const added = frame.locator('rs-preview-users .user', { hasText: user });
  const deadline = Date.now() + hung;
  // The list may propose the user already, and the answer of the search replaces it: a click in between is lost.
  do {
    await button.click();
    await page.locator('.quick-input-widget input[type="text"]').first().fill(user);
    const row = quickInput.rows.filter({ hasText: user }).first();
    if (await inTime(row.click({ timeout: 5000 }), deadline)) await quickInput.accept();
    else await page.keyboard.press('Escape');
  } while (!(await inTime(added.waitFor({ state: 'attached', timeout: 5000 }), deadline)));
}

/** Shows the story of the chosen user at the fifth positive, with the steps that its request sees. */
export async function showHistory(window: WorkbenchWindow, frame: Webview['frame']): Promise<void> {
  const { keyboard } = window.page;
  await window.execute('workbench.action.closeSidebar');
  await window.execute('workbench.action.toggleMaximizeEditorGroup');
  await window.resize({ width: 1440, height: 720 });
  await frame.locator('rs-draw-list .line.draw').first().click();
  await keyboard.press('h');
  await frame.locator('rs-story-chart .plot:focus').waitFor();
  for (let k = 0; k < 5; k++) await keyboard.press('Alt+ArrowRight');
  for (let k = 0; k < 2; k++) await keyboard.press('+');
  await frame.locator('rs-story-why li', { hasText: 'skips' }).waitFor();
  for (const state of ['in', 'out']) await frame.locator(`rs-story-chart circle.step.${state}`).first().waitFor();
}
