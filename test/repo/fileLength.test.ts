import { test } from 'node:test';
import { assertNone, read, trackedFiles } from './repository.ts';

const maxLines = 400;
/** Files that a program writes, and pages of text. */
const exempt = /^test\/(?:golden|fixtures)\/|\.md$/;

test(`no file of code has more than ${maxLines} lines`, () => {
  const tooLong = trackedFiles()
    .filter((file) => /^(?:src|webview|test|scripts|bench|assembly|examples)\//.test(file) && !exempt.test(file))
    .map((file) => ({ file, lines: read(file).replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ file, lines }) => `${file}: ${lines} lines. Split it by theme.`);
  assertNone(tooLong, 'files that are too long');
});
