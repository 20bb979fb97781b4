import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root, runTool } from './repository.ts';

const plugin = path.join(root, 'scripts', 'patterns.mjs');

/** For each selector of a rule: a line that it reports, and lines that are almost the same and right. */
const lines: Readonly<Record<string, readonly (readonly [wrong: string, ...right: string[]])[]>> = {
  'current-time': [['new Date();', 'new Date(0);']],
  'default-after-index': [
    ['list[at] ?? 0;', 'list.length ?? 0;', "list[at] ?? '0';"],
    ['list[at] ?? -1;', 'list.at(at) ?? -1;'],
    ['list[at] ?? NaN;', 'list[at] ?? none;'],
    ['list?.[at] ?? 1;', 'list?.length ?? 1;'],
    ['list?.[at] ?? -2;', 'list?.at(at) ?? -2;'],
    ['list?.[at] ?? Infinity;', 'list?.[at] ?? null;'],
  ],
  'extension-text': [
    ['vscode.window.showErrorMessage(text);', 'vscode.window.showErrorMessage(labelText(text));'],
    ['progress.report({ message: text });', 'progress.report({ message: labelText(text) });'],
    ['`$(table) ${text}`;', '`$(table) ${labelText(text)}`;', "`$(table) ${vscode.l10n.t('Rows')}`;"],
  ],
  'webview-markup': [
    ['html`<p style="color: red"></p>`;', 'html`<p .style=${colour}></p>`;'],
    ['svg`<style>g { color: red; }</style>`;', 'css`<style>`;'],
    ['html`<p onclick="run()"></p>`;', 'html`<p @click=${run}></p>`;'],
    ['element.innerHTML = text;', 'element.textContent = text;'],
    ["element.insertAdjacentHTML('beforeend', text);", "element.insertAdjacentText('beforeend', text);"],
  ],
};

interface Rules {
  readonly default: { readonly rules: Readonly<Record<string, { create(context: object): object }>> };
}

interface Reports {
  readonly diagnostics: readonly {
    readonly code: string;
    readonly labels: readonly { readonly span: { readonly line: number } }[];
  }[];
}

test('each pattern of the linter reports a wrong line, and not the right ones next to it', async () => {
  const { default: patterns } = (await import(pathToFileURL(plugin).href)) as Rules;
  const selectors = Object.entries(patterns.rules).map(
    ([rule, pattern]) => [rule, Object.keys(pattern.create({})).length] as const,
  );
  assert.deepEqual(
    Object.fromEntries(selectors),
    Object.fromEntries(Object.entries(lines).map(([rule, cases]) => [rule, cases.length])),
    'a wrong line for each selector',
  );

  const written = Object.values(lines).flat(2);
  const wrong = Object.entries(lines).flatMap(([rule, cases]) => cases.map(([line]) => `patterns(${rule}): ${line}`));
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-patterns-')));
  try {
    const config = path.join(folder, '.oxlintrc.json');
    const rules = Object.fromEntries(selectors.map(([rule]) => [`patterns/${rule}`, 'error']));
    writeFileSync(
      config,
      JSON.stringify({ plugins: [], categories: { correctness: 'off' }, jsPlugins: [plugin], rules }),
    );
    const file = path.join(folder, 'lines.ts');
    writeFileSync(file, written.join('\n'));
    const { output } = runTool('oxlint/bin/oxlint', ['--config', config, '--format', 'json', file]);
    const { diagnostics } = JSON.parse(output) as Reports;
    const reported = diagnostics.flatMap(({ code, labels }) =>
      labels.map(({ span }) => `${code}: ${written[span.line - 1] ?? ''}`),
    );
    assert.deepEqual(reported.sort(), wrong.sort());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
