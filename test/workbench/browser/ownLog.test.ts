import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Dice } from '../../sampling/dice.ts';
import { Inspector } from '../harness/inspector.ts';
import { workbenchSuite } from '../harness/suite.ts';
import { themes } from '../harness/window.ts';

/** The workspace of a stranger: folders of days with CSV files, and nothing else. */
function writeLog(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });
  const dice = new Dice('the log of a stranger');
  for (let day = 1; day <= 14; day++) {
    const partition = path.join(folder, 'log', `dt=2026-11-${String(day).padStart(2, '0')}`);
    mkdirSync(partition, { recursive: true });
    const midnight = Date.UTC(2026, 10, day) / 1000;
    const rows = Array.from({ length: 250 }, () =>
      [
        dice.whole(1, 60),
        `v${dice.whole(1, dice.whole(5, 90))}`,
        midnight + dice.whole(0, 86_399),
        dice.chance(0.25) ? 1 : 0,
        dice.pick(['home', 'feed']),
      ].join(),
    );
    writeFileSync(path.join(partition, 'part-0.csv'), `uid,vid,ts,is_click,scene\n${rows.join('\n')}\n`);
  }
}

const suite = workbenchSuite({ prepare: writeLog });

suite.test('Samples lists the log, a click inspects it, and a CSV in an editor has a button for it', async (window) => {
  await window.execute('workbench.view.extension.recsample');
  const log = window.treeItems.filter({ hasText: '14 CSV files' }).first();
  await log.waitFor();
  for (const theme of themes) {
    await window.setTheme(theme);
    await window.screenshot('own-log-samples');
  }
  await log.click();
  const inspector = await Inspector.of(window, 'log');
  await inspector.painted();
  await window.openFile(path.join('log', 'dt=2026-11-01', 'part-0.csv'));
  await window.page.locator('.editor-actions').getByRole('button', { name: 'Inspect Sample File' }).click();
  await (await Inspector.of(window, 'part-0.csv')).painted();
  assert.equal(await window.page.locator('.notification-toast').count(), 0);
});
