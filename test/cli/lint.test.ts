import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import type { Log, ReportingDescriptor } from 'sarif';
import { Lines } from '../../src/core/config/lines.ts';
import { examples } from '../../src/core/policy/examples/example.ts';
import { cellWidth } from '../../src/core/report/cells.ts';
import { assertGolden } from './golden.ts';
import { directory, leftOut, lint, none, report, useLintFolder, write, type Report } from './lintFolder.ts';

useLintFolder();

const good = examples.recall;
/** A wrong share after Chinese text, an emoji and Windows line ends, and a suppression that is needed. */
const broken = good
  .replace('host_refused: {source: rejected, share: 0.05', 'host_refused: {share: 0.5, source: rejected')
  .replace('same_city: {', '"同城😀": {')
  .replace('downsample_hot: {threshold: 1.0e-3}\n', '# recsample-disable-next-line recall/exposed-share\n')
  .replace('seed: demo\n', '');

const schemaOf = (file: string): object =>
  JSON.parse(readFileSync(new URL(`../../media/schemas/${file}`, import.meta.url), 'utf8')) as object;
const validJson = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schemaOf('lint.schema.json'));
// The schema is draft 4, which names its id differently; otherwise Ajv can read it.
const { $schema: _draft, id: _id, ...sarif } = sarifSchema;
const validSarif = new Ajv({
  allErrors: true,
  strict: false,
  unicodeRegExp: false,
  formats: { uri: /^[a-z][a-z0-9+.-]*:\S+$/i, 'uri-reference': /^\S*$/, 'date-time': /^\d{4}-/ },
}).compile(sarif);

test('a clean config is one line and exit code 0', async () => {
  write('clean/recall.ratio.yaml', good);
  const { code, out, err } = await lint(['clean', ...none]);
  assert.deepEqual([code, out, err], [0, `1 config, no findings\n${leftOut}`, '']);
  const { out: json } = await lint(['clean', ...none, '--format', 'json']);
  assert.ok(validJson(JSON.parse(json)), JSON.stringify(validJson.errors));
  assertGolden('lint.clean.json', json);
  const { out: log } = await lint(['clean', ...none, '--format', 'sarif']);
  assert.ok(validSarif(JSON.parse(log)), JSON.stringify(validSarif.errors));
});

test('the help names every option with its default', async () => {
  assertGolden('help.lint.txt', (await lint(['--help'])).out);
});

test('a broken config is reported as text, in both languages and on a narrow terminal', async () => {
  write('broken/recall.ratio.yaml', broken.replaceAll('\n', '\r\n'));
  write('broken/fine.ratio.yaml', examples.fine_ranking.replace('      calibration: weight\n', ''));
  const { code, out, err } = await lint(['broken', ...none]);
  assert.deepEqual([code, err], [1, '']);
  assertGolden('lint.txt', out);
  assertGolden('lint.zh-cn.txt', (await lint(['broken', ...none, '--locale', 'zh-cn'])).out);
  assertGolden('lint.narrow.txt', (await lint(['broken', ...none], { terminal: { width: 64, colour: false } })).out);
});

test('lines wrap at the terminal width, and colour codes do not count as width', async () => {
  write('broken/recall.ratio.yaml', broken);
  for (const width of [64, 80, 100, 200]) {
    const plain = await lint(['broken', ...none], { terminal: { width, colour: false } });
    for (const line of plain.out.split('\n')) assert.ok(cellWidth(line) <= width, `${width}: ${line}`);
    const coloured = await lint(['broken', ...none], { terminal: { width, colour: true } });
    assert.notEqual(coloured.out, plain.out);
    assert.equal(coloured.out.replace(/\u001B\[\d+m/g, ''), plain.out);
  }
});

test('JSON has its schema and exact places, the same in every language', async () => {
  const text = broken.replaceAll('\n', '\r\n');
  write('broken/recall.ratio.yaml', `\uFEFF${text}`);
  const { code, out } = await lint(['broken/recall.ratio.yaml', ...none, '--format', 'json']);
  assert.equal(code, 1);
  assert.ok(validJson(JSON.parse(out)), JSON.stringify(validJson.errors));
  assert.equal(validJson({ ...(JSON.parse(out) as object), counts: {} }), false);
  assert.equal((await lint(['broken/recall.ratio.yaml', ...none, '--format', 'json', '--locale', 'zh-cn'])).out, out);
  assertGolden('lint.json', out);
  const { findings, counts } = JSON.parse(out) as Report;
  const lines = new Lines(text);
  const named = (rule: string): string[] =>
    findings
      .filter((finding) => finding.rule === rule)
      .map(({ range }) => text.slice(lines.offset(range.start), lines.offset(range.end)));
  assert.deepEqual(named('config/share-sum'), ['mix']);
  assert.deepEqual(
    Object.values(counts).reduce((sum, n) => sum + n, 0),
    findings.length,
  );
  for (const { help } of findings) assert.match(help, /^docs\/rules\/[a-z]+\/[a-z-]+\.md$/);
});

/**
 * The log without the texts of the rule pages, which have their own tests, and without the rules that found nothing.
 */
function withoutPages(text: string): string {
  const log = JSON.parse(text) as Log;
  const driver = log.runs[0]?.tool.driver;
  const found = new Set(log.runs[0]?.results?.map(({ ruleId }) => ruleId));
  if (driver)
    driver.rules = (driver.rules ?? [])
      .filter(({ id }) => found.has(id))
      .map(({ help: _help, fullDescription: _full, ...rule }) => rule);
  return `${JSON.stringify(log, null, 2)}\n`;
}

test('SARIF is valid, 1-based, with rules, fixes and what did not run', async () => {
  write('broken/recall.ratio.yaml', broken);
  const { out } = await lint(['broken/recall.ratio.yaml', ...none, '--format', 'sarif']);
  assert.ok(validSarif(JSON.parse(out)), JSON.stringify(validSarif.errors));
  assert.equal(validSarif({ version: '2.1.0', runs: [{}] }), false);
  assertGolden('lint.sarif', withoutPages(out));
  const {
    runs: [run],
  } = JSON.parse(out) as Log;
  assert.equal(run?.columnKind, 'utf16CodeUnits');
  const json = await report(['broken/recall.ratio.yaml']);
  assert.deepEqual(
    run.results?.map(({ ruleId, locations }) => [ruleId, locations?.[0]?.physicalLocation?.region]),
    json.findings.map(({ rule, range: { start, end } }) => [
      rule,
      {
        startLine: start.line + 1,
        startColumn: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
      },
    ]),
  );
  for (const { ruleIndex = -1, ruleId } of run.results ?? []) {
    const rule: ReportingDescriptor | undefined = run.tool.driver.rules?.[ruleIndex];
    assert.equal(rule?.id, ruleId);
    assert.ok(rule?.helpUri?.includes(ruleId ?? '?') && rule.help?.markdown?.startsWith(`# ${ruleId}`));
  }
  assert.ok(run.results.some(({ fixes }) => (fixes?.length ?? 0) > 0));
  const blanks = await lint(['a b/ü#%.yaml', ...none, '--format', 'sarif'], {
    directory: path.dirname(path.dirname(write('odd/a b/ü#%.yaml', broken))),
  });
  assert.match(blanks.out, /"uri": "a%20b\/%C3%BC%23%25\.yaml",\n *"uriBaseId": "%SRCROOT%"/);
});

test('--fail-on decides the exit code; all findings are reported in any case', async () => {
  write('levels/info.ratio.yaml', good.replace('      downsample_hot: {threshold: 1.0e-3}\n', ''));
  write('levels/warning.ratio.yaml', examples.fine_ranking.replace('      calibration: weight\n', ''));
  const code = async (file: string, level?: string): Promise<number> =>
    (await lint([`levels/${file}.ratio.yaml`, ...none, ...(level === undefined ? [] : ['--fail-on', level])])).code;
  assert.deepEqual([await code('info'), await code('info', 'warning'), await code('info', 'info')], [0, 0, 1]);
  assert.deepEqual(
    [
      await code('warning'),
      await code('warning', 'error'),
      await code('warning', 'warning'),
      await code('warning', 'info'),
    ],
    [0, 0, 1, 1],
  );
  assert.match((await lint(['levels/info.ratio.yaml', ...none])).out, /recall\/hot-positives/);
});

test('--set overrides vars', async () => {
  write('set.ratio.yaml', `vars: {random: 0.2}\n${good.replace('global_random: 0.2', 'global_random: ${random}')}`);
  assert.deepEqual((await report(['set.ratio.yaml'])).findings, []);
  const { findings, code } = await report(['set.ratio.yaml', '--set', 'random=0.9', '--set', 'random=0.3']);
  assert.deepEqual([code, findings.map(({ rule }) => rule)], [1, ['config/share-sum']]);
  for (const wrong of ['random', '=0.2', ''])
    assert.match(
      (await lint(['set.ratio.yaml', '--set', wrong])).err,
      /^recsample: --set must be NAME=VALUE, not .*See recsample lint --help\.\n$/,
    );
});

test('a --set variable that no config has produces a warning and changes nothing', async () => {
  write('set-unused/a.ratio.yaml', good.replace('seed: demo', 'vars: {dt: 1}\nseed: ${s}'));
  const { code, out, err } = await lint([
    'set-unused',
    ...none,
    '--set',
    'dt=2',
    '--set',
    's=x',
    '--set',
    'dtt=2026-11-20',
  ]);
  assert.deepEqual(
    [code, out, err],
    [0, `1 config, no findings\n${leftOut}`, 'recsample: No config has the variable dtt of --set\n'],
  );
});

test('--policy overrides the policy of the config, as a preset or as a file that extends others', async () => {
  write('policy/fine.ratio.yaml', examples.fine_ranking.replace('      calibration: weight\n', ''));
  write('policy/team.yaml', 'extends: base.json\nrules:\n  fine/downsample-calibration: info\n');
  write('policy/base.json', '{"extends": "strict", "rules": {"config/no-seed": "off"}}');
  const severity = async (...more: string[]): Promise<(string | undefined)[]> =>
    (await report(['policy/fine.ratio.yaml', ...more])).findings.map((finding) => finding.severity);
  assert.deepEqual(await severity(), ['warning']);
  assert.deepEqual(await severity('--policy', 'strict'), ['error']);
  assert.deepEqual(await severity('--policy', 'policy/team.yaml'), ['info']);
  write(
    'policy/fine.ratio.yaml',
    examples.fine_ranking
      .replace('      calibration: weight\n', '')
      .replace('policy: recommended', 'policy: team.yaml'),
  );
  assert.deepEqual(await severity(), ['info']);
  // A team's policy may be outside the project.
  const project = path.dirname(
    write('project/one.ratio.yaml', examples.fine_ranking.replace('      calibration: weight\n', '')),
  );
  mkdirSync(path.join(project, '.git'), { recursive: true });
  assert.match(
    (await lint(['.', ...none, '--policy', '../policy/team.yaml'], { directory: project })).out,
    / info .*fine\/downsample-calibration/,
  );
});

test('a --policy that cannot be read is wrong usage; errors in its file are findings of that file', async () => {
  write('policy/fine.ratio.yaml', examples.fine_ranking);
  write('policy/cycle.yaml', 'extends: cycle.yaml\n');
  write('policy/typo.yaml', 'extends: strict\nrules: {fine/unti: off}\n');
  for (const [policy, says] of [
    ['strickt', /Did you mean strict/],
    ['policy/gone.yaml', /gone\.yaml/],
    ['https://example.org/policy.yaml', /address/],
  ] as const) {
    const { code, err, out } = await lint(['policy/fine.ratio.yaml', ...none, '--policy', policy]);
    assert.deepEqual([code, out], [2, ''], policy);
    assert.match(err, says);
  }
  for (const [policy, says] of [
    ['policy/typo.yaml', 'fine/unti'],
    ['policy/cycle.yaml', 'cycle.yaml'],
  ] as const) {
    const { code, findings } = await report(['policy/fine.ratio.yaml', '--policy', policy]);
    assert.deepEqual([code, findings.map((finding) => finding.path)], [1, [policy]]);
    assert.ok(findings[0]?.message.includes(says), findings[0]?.message);
  }
});

test('JSON configs are held to the same rules', async () => {
  write(
    'json/broken.ratio.json',
    JSON.stringify(
      {
        version: 1,
        seed: 1,
        data: {},
        events: {},
        stages: {
          recall: {
            unit: 'positive',
            positives: { events: { click: 1 } },
            negatives: { per_positive: 10, mix: { global_random: 0.5, exposed_unclicked: 0.6 } },
          },
        },
      },
      null,
      2,
    ),
  );
  const { findings } = await report(['json']);
  assert.ok(findings.some(({ rule, stage }) => rule === 'config/share-sum' && stage === 'recall'));
});

test('no config to lint, or an unreadable one, exits with 2', async () => {
  mkdirSync(path.join(directory, 'empty'), { recursive: true });
  assert.deepEqual(await lint(['empty']).then(({ code, out, err }) => [code, out, err]), [
    2,
    '',
    'recsample: No ratio config was found in empty. In a folder, configs must be named *.ratio.yaml, *.ratio.yml, *.ratio.json. A file that you give directly may have any name.\n',
  ]);
  const gone = await lint(['clean', 'gone.ratio.yaml', ...none]);
  assert.deepEqual([gone.code, gone.out], [2, '']);
  assert.match(gone.err, /gone\.ratio\.yaml: There is no such file or folder/);
  write('bad/utf16.ratio.yaml', '');
  writeFileSync(path.join(directory, 'bad/utf16.ratio.yaml'), Buffer.from('\uFEFFversion: 1', 'utf16le'));
  write('bad/clean.ratio.yaml', good);
  // The other configs are still reported.
  const { code, out, err } = await lint(['bad', ...none]);
  assert.deepEqual(
    [code, out, err],
    [
      2,
      `1 config, no findings\n1 file or folder could not be read or written\n${leftOut}`,
      'recsample: bad/utf16.ratio.yaml: It is not UTF-8 text. Save it as UTF-8.\n',
    ],
  );
  write('nul/nul.ratio.yaml', `${good}# \0\n`);
  const nul = await lint(['nul', ...none]);
  assert.deepEqual(
    [nul.code, nul.err],
    [
      2,
      `recsample: nul/nul.ratio.yaml:${good.split('\n').length}: It contains a NUL character. Remove that character. Editors do not write it on purpose.\n`,
    ],
  );
  const log = JSON.parse((await lint(['bad', ...none, '--format', 'sarif'])).out) as Log;
  assert.ok(validSarif(log), JSON.stringify(validSarif.errors));
  assert.deepEqual(
    [
      log.runs[0]?.invocations?.[0]?.executionSuccessful,
      log.runs[0]?.invocations?.[0]?.toolExecutionNotifications?.filter(({ level }) => level === 'error').length,
    ],
    [false, 1],
  );
  for (const args of [
    ['--root', 'clean/recall.ratio.yaml'],
    ['--root', 'gone'],
    ['--facts', 'all'],
    ['--fail-on', 'never'],
  ])
    assert.equal((await lint(['clean', ...args])).code, 2, args.join(' '));
});

test('if nothing could be read, the report does not claim that nothing was found', async () => {
  write('unread/utf16.ratio.yaml', '');
  writeFileSync(path.join(directory, 'unread/utf16.ratio.yaml'), Buffer.from('\uFEFFversion: 1', 'utf16le'));
  assert.deepEqual(await lint(['unread', ...none]).then(({ code, out }) => [code, out]), [
    2,
    '1 file or folder could not be read or written\n',
  ]);
});

test('a cancelled run is exit code 130 and changes nothing', async () => {
  const { code, out, err } = await lint(['clean', ...none, '--fix'], { signal: AbortSignal.abort() });
  assert.deepEqual([code, out, err], [130, '', '']);
});

test('a run that is cancelled while its only config is linted is exit code 130, without a report', async () => {
  write('stopped/broken.ratio.yaml', broken);
  const cancel = new AbortController();
  const { code, out, err } = await lint(['stopped', ...none], {
    signal: cancel.signal,
    note: () => {
      cancel.abort();
    },
  });
  assert.deepEqual([code, out, err], [130, '', '']);
});
