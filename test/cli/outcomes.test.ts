import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { changed, directory, run, useDemoFolder } from './demoFolder.ts';
import { done, user, valid } from './previewOutput.ts';

useDemoFolder();

const config = (events = '[click, {event: long_play, mature_after: 5d}], graded: true', name = 'labels.ratio.yaml') =>
  changed(name, 'output: {', `output: {events: ${events}, `);

interface Shown {
  readonly rows: readonly {
    readonly item: string;
    readonly label: number;
    readonly labels: Readonly<Record<string, 0 | 1 | null>>;
    readonly grade: number;
  }[];
}

suite('labels of further events', () => {
  test('preview and file have the same labels and grades', async () => {
    // A preview shows the rows of a user together.
    const path = changed('ordered.ratio.yaml', 'order: shuffled', 'order: user', config());
    const lint = await run(['lint', path, '--facts', 'data']);
    assert.equal(lint.code, 0, lint.out);
    const { users } = valid('preview', await done(['preview', path, '--users', user, '--format', 'json'])) as {
      readonly users: readonly [{ readonly groups: readonly Shown[] }];
    };
    const rows = users[0].groups.flatMap((group) => group.rows);
    await done(['sample', path, '--users', user, '--out', 'made/labels.csv']);
    const [names = [], ...lines] = readFileSync(join(directory, 'made/labels.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const cell = (line: readonly string[], name: string): string => line[names.indexOf(name)] ?? assert.fail(name);
    const number = (text: string): number | null => (text === '' ? null : Number(text));
    assert.deepEqual(
      lines.map((line) => [
        cell(line, 'item_id'),
        ...['label', 'label_click', 'label_long_play', 'grade'].map((name) => number(cell(line, name))),
      ]),
      rows.map(({ item, label, labels, grade }) => [item, label, labels['click'], labels['long_play'], grade]),
    );
    const values = new Set(rows.map(({ labels }) => labels['long_play']));
    assert.ok(values.has(0) && values.has(null), [...values].join());
    assert.ok(rows.some(({ labels }) => labels['click'] === 1));
    assert.ok(rows.every(({ label, grade }) => grade > 0 === (label === 1)));
  });

  test('explain shows the labels of the rows, and the text of a preview has their columns', async () => {
    const path = config();
    const { users } = JSON.parse(await done(['preview', path, '--users', user, '--format', 'json'])) as {
      readonly users: readonly [{ readonly groups: readonly Shown[] }];
    };
    const item = users[0].groups[0]?.rows[0]?.item ?? assert.fail();
    const args = ['explain', path, '--user', user, '--item', item];
    assert.match(await done(args), /label_click = 1/);
    valid('explain', await done([...args, '--format', 'json']));
    assert.match(
      await done(['preview', path, '--users', user, '--columns', 'label_click,grade']),
      /label_click +grade/,
    );
  });

  test('diff names the events of the output, in every layout', async () => {
    for (const layout of ['wide', 'grouped'])
      await done([
        'sample',
        changed('layout.ratio.yaml', 'layout: long', `layout: ${layout}`, config()),
        '--users',
        user,
        '--out',
        `made/${layout}.parquet`,
      ]);
    await done(['sample', config(), '--users', user, '--out', 'made/a.parquet']);
    await done(['sample', config('[click]', 'other.ratio.yaml'), '--users', user, '--out', 'made/b.parquet']);
    const { out } = await run(['diff', 'made/a.parquet', 'made/b.parquet']);
    assert.match(out, /output\.events/);
    assert.match(out, /output\.graded/);
  });

  test('lint reports an event that is not declared', async () => {
    const { code, out } = await run(['lint', config('[clik]', 'wrong.ratio.yaml')]);
    assert.equal(code, 1);
    assert.match(out, /config\/output-events/);
    assert.match(out, /Did you mean click\?/);
  });
});
