import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  commands,
  contextKeys,
  languages,
  panels,
  settings,
  tourSteps,
  treeItems,
  views,
  viewTypes,
  walkthroughs,
} from '../../src/extension/ids.ts';
import {
  compressedTextEndings,
  binaryEndings,
  plainTextEndings,
  sampleEndings,
} from '../../src/core/table/sampleName.ts';
import { manifest, textsIn, whenClauses } from './manifest.ts';
import { read, readJson, root, trackedFiles } from './repository.ts';

const { withAddresses } = (await import(new URL('../../scripts/package.mjs', import.meta.url).href)) as {
  readonly withAddresses: (manifest: object) => object;
};

const { contributes } = manifest;
const sorted = (values: Iterable<string>) => [...values].sort();

test('the manifest contributes exactly the commands, views, editors and settings that the code names', () => {
  assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(Object.values(commands)));
  assert.deepEqual(
    sorted(
      Object.values(contributes.views)
        .flat()
        .map(({ id }) => id),
    ),
    sorted(Object.values(views)),
  );
  assert.deepEqual(sorted((contributes.languages ?? []).map(({ id }) => id)), sorted(Object.values(languages)));
  assert.deepEqual(sorted(contributes.customEditors.map(({ viewType }) => viewType)), sorted(Object.values(viewTypes)));
  assert.deepEqual(sorted(Object.keys(contributes.configuration.properties)), sorted(Object.values(settings)));
});

test('every id is used by the extension, through its name', () => {
  const code = trackedFiles()
    .filter((file) => file.startsWith('src/extension/') && !file.endsWith('/ids.ts'))
    .map(read)
    .join('\n');
  const named = Object.entries({ commands, views, viewTypes, panels, settings, contextKeys, treeItems, languages });
  const unused = named
    .flatMap(([group, ids]) => Object.keys(ids).map((name) => `${group}.${name}`))
    .filter((name) => !new RegExp(`\\b${name.replace('.', '\\.')}\\b`).test(code));
  assert.deepEqual(unused, []);
  const literal = Object.values(commands).filter((id) => code.includes(`'${id}'`));
  assert.deepEqual(literal, [], 'ids written out instead of named');
});

test('commands have the category RecSample and menus name only known commands', () => {
  assert.deepEqual(
    contributes.commands.filter(({ category }) => category !== 'RecSample').map(({ command }) => command),
    [],
  );
  const known = new Set<string>(Object.values(commands));
  const named = [...Object.values(contributes.menus).flat(), ...(contributes.keybindings ?? [])].flatMap(
    ({ command }) => (command === undefined ? [] : [command]),
  );
  assert.deepEqual(
    named.filter((command) => !known.has(command)),
    [],
  );
});

/** The most commands that the palette lists at a time. */
const mostInPalette = 20;

test('the palette lists at most 20 commands, and those of the inspector only while one is active', () => {
  const inspector = 'activeCustomEditorId =~ /^recsample\\./';
  const clauses = new Map((contributes.menus['commandPalette'] ?? []).map(({ command, when }) => [command, when]));
  for (const inInspector of [false, true]) {
    const states = new Map<string | undefined, boolean>([
      [undefined, true],
      ['false', false],
      ['recsample.running', true],
      [inspector, inInspector],
      [`!(${inspector})`, !inInspector],
    ]);
    const listed = contributes.commands.filter(({ command }) => {
      const when = clauses.get(command);
      return states.get(when) ?? assert.fail(`The test does not know: ${when ?? ''}`);
    });
    assert.ok(
      listed.length > 0 && listed.length <= mostInPalette,
      `${listed.length}, in the inspector: ${inInspector}`,
    );
    assert.equal(
      listed.some(({ command }) => command === commands.goToRow),
      inInspector,
    );
  }
});

test('the Explorer has one entry of RecSample, a submenu', () => {
  const entries = contributes.menus['explorer/context'] ?? [];
  assert.deepEqual(
    entries.map(({ submenu }) => submenu),
    ['recsample.explorer'],
  );
  // The submenu is shown where one of its entries is.
  for (const { when = '' } of contributes.menus['recsample.explorer'] ?? [])
    assert.ok(entries[0]?.when?.includes(when), when);
});

test('when clauses use only keys that exist', () => {
  const keys = new Set<string>([
    ...Object.values(contextKeys),
    ...Object.values(views),
    ...Object.values(viewTypes),
    ...Object.values(commands),
  ]);
  const configured = new Set<string>(Object.values(settings));
  const items = new Set<string>(Object.values(treeItems));
  for (const when of whenClauses(manifest)) {
    for (const [id = ''] of when.matchAll(/(?<![\w.\\^/])recsample\.[\w.]+/g))
      assert.ok(keys.has(id), `${id} in: ${when}`);
    for (const [, id = ''] of when.matchAll(/\bconfig\.(recsample\.[\w.]+)/g))
      assert.ok(configured.has(id), `${id} in: ${when}`);
    for (const [, value = ''] of when.matchAll(/viewItem (?:==|!=) (\w+)/g))
      assert.ok(items.has(value), `${value} in: ${when}`);
    for (const [, values = ''] of when.matchAll(/viewItem =~ \/\^?\(?([\w|]+)\)?\$?\//g)) {
      for (const value of values.split('|')) assert.ok(items.has(value), `${value} in: ${when}`);
    }
  }
  for (const { view } of contributes.viewsWelcome ?? []) assert.ok(sorted(Object.values(views)).includes(view), view);
  for (const container of Object.keys(contributes.views)) {
    assert.ok(
      Object.values(contributes.viewsContainers)
        .flat()
        .some(({ id }) => id === container),
      container,
    );
  }
});

test('the extension activates without a search of the workspace', () => {
  // VS Code derives `onView`, `onCustomEditor`, `onLanguage` and `onCommand` from the contributions.
  const others = manifest.activationEvents.filter((event) => !event.startsWith('onWebviewPanel:recsample.'));
  assert.deepEqual(others, ['workspaceContains:.recsample-demo']);
});

test('a publisher sets one field, and the other addresses follow from it', () => {
  assert.deepEqual(withAddresses({ name: 'a' }), { name: 'a' });
  assert.deepEqual(withAddresses({ repository: 'https://example.org/a/b.git', qna: false }), {
    repository: { type: 'git', url: 'https://example.org/a/b.git' },
    bugs: { url: 'https://example.org/a/b/issues' },
    homepage: 'https://example.org/a/b#readme',
    qna: false,
  });
});

test('every panel is restored after a window reload', () => {
  const restored = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
  assert.deepEqual(sorted(restored), sorted(Object.values(panels).map((id) => `onWebviewPanel:${id}`)));
});

test('Parquet and compressed text open in the inspector by default, plain text on request; both lists are those of the code', () => {
  const patterns = (viewType: string) =>
    contributes.customEditors
      .find((editor) => editor.viewType === viewType)
      ?.selector.map(({ filenamePattern }) => filenamePattern);
  const named = (endings: readonly string[]) => endings.map((ending) => `*.${ending}`);
  assert.deepEqual(patterns(viewTypes.inspector), named([...binaryEndings, ...compressedTextEndings]));
  assert.deepEqual(patterns(viewTypes.textInspector), named(plainTextEndings));
  assert.deepEqual(
    Object.fromEntries(contributes.customEditors.map(({ viewType, priority }) => [viewType, priority])),
    { [viewTypes.inspector]: 'default', [viewTypes.textInspector]: 'option' },
  );
});

test('the Explorer offers Inspect for every sample file, in any case, for folders, and for no other file', () => {
  const when = contributes.menus['recsample.explorer']?.find(({ command }) => command === commands.inspect)?.when ?? '';
  assert.match(when, /^explorerResourceIsFolder \|\| /);
  const [, pattern = ''] = /resourceFilename =~ \/(.+)\/i$/.exec(when) ?? [];
  const offered = new RegExp(pattern, 'i');
  for (const ending of sampleEndings)
    for (const name of [`a.${ending}`, `A.${ending.toUpperCase()}`]) assert.ok(offered.test(name), name);
  for (const name of ['a.parquet.gz', 'a.gz', 'a.csv.bz2', 'a.json', 'csv', 'a.xpq', 'a.csvx'])
    assert.ok(!offered.test(name), name);
});

test('every text of the manifest is in both languages, and no other', () => {
  const used = textsIn(readJson('package.json')).flatMap((text) => {
    const [, key] = /^%([^%]+)%$/.exec(text) ?? [];
    return key === undefined ? [] : [key];
  });
  for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) {
    const texts = readJson(file) as Readonly<Record<string, string>>;
    assert.deepEqual(sorted(Object.keys(texts)), sorted(new Set(used)), file);
    assert.deepEqual(
      Object.keys(texts).filter((key) => texts[key]?.trim() === ''),
      [],
      `${file}: empty texts`,
    );
  }
});

test('user-visible text of the manifest is a key of the language files', () => {
  const shown = [
    ...contributes.commands.map(({ title }) => title),
    ...Object.values(contributes.views)
      .flat()
      .map(({ name }) => name),
    ...(contributes.viewsWelcome ?? []).map(({ contents }) => contents),
    ...Object.values(contributes.configuration.properties).map(
      ({ markdownDescription }) => markdownDescription ?? 'no description',
    ),
  ];
  assert.deepEqual(
    shown.filter((text) => !/^%[\w.]+%$/.test(text)),
    [],
  );
});

test('links of texts in both languages lead to the same commands', () => {
  const english = readJson('package.nls.json') as Readonly<Record<string, string>>;
  const chinese = readJson('package.nls.zh-cn.json') as Readonly<Record<string, string>>;
  const links = (text = '') =>
    sorted([...text.matchAll(/\(command:([\w.]+)/g)].flatMap(([, id]) => (id === undefined ? [] : [id])));
  const known = new Set<string>([...Object.values(commands), 'vscode.openFolder']);
  for (const key of Object.keys(english)) {
    assert.deepEqual(links(chinese[key]), links(english[key]), key);
    assert.deepEqual(
      links(english[key]).filter((id) => !known.has(id)),
      [],
      key,
    );
  }
});

test('files that the manifest names are there', () => {
  const { icon } = manifest;
  const files = [
    ...(icon === undefined ? [] : [icon]),
    manifest.l10n,
    ...Object.values(contributes.viewsContainers)
      .flat()
      .map((container) => container.icon),
    ...Object.values(contributes.views)
      .flat()
      .flatMap((view) => (view.icon === undefined ? [] : [view.icon])),
    ...(contributes.languages ?? []).flatMap(({ configuration, icon: both }) => [
      ...(configuration === undefined ? [] : [configuration]),
      ...(both ? [both.light, both.dark] : []),
    ]),
    ...(contributes.grammars ?? []).map((grammar) => grammar.path),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
  ].filter((file) => !file.startsWith('$('));
  assert.deepEqual(
    files.filter((file) => !existsSync(path.join(root, file))),
    [],
  );
});

test('the tour has a step for each id, with its button and the context that completes it', () => {
  const [tour] = contributes.walkthroughs;
  assert.equal(`recsample.recsample#${tour?.id ?? ''}`, walkthroughs.tour);
  assert.deepEqual(
    tour?.steps.map(({ id }) => id),
    tourSteps,
  );
  for (const { id, description, completionEvents } of tour.steps) {
    assert.deepEqual(completionEvents, [`onContext:${contextKeys.tour}.${id}`]);
    const argument = encodeURIComponent(JSON.stringify([id]));
    for (const texts of [read('package.nls.json'), read('package.nls.zh-cn.json')]) {
      const text = (JSON.parse(texts) as Record<string, string>)[description.slice(1, -1)] ?? '';
      assert.ok(text.includes(`](command:${commands.tourStep}?${argument})`), text);
    }
  }
});

test('the required entries come first', () => {
  const required = [
    'src',
    'webview',
    'media',
    'test',
    'package.json',
    'tsconfig.json',
    '.vscodeignore',
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    '.ci/run',
  ];
  assert.deepEqual(
    required.filter((entry) => !existsSync(path.join(root, entry))),
    [],
  );
  assert.match(read('LICENSE'), /^MIT License/);
});
