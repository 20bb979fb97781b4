import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sources } from '../../src/core/source/sources.ts';
import { root } from './repository.ts';

test('every source has an icon for each kind of theme, and no other icon is left', () => {
  assert.deepEqual(
    readdirSync(path.join(root, 'media/sources')).sort(),
    sources.flatMap(({ name }) => ['dark', 'hc', 'light'].map((theme) => `${name}.${theme}.svg`)).sort(),
  );
});

test('no two sources look alike, in a terminal or on screen', () => {
  assert.equal(new Set(sources.map(({ glyph }) => glyph)).size, sources.length);
  assert.equal(new Set(sources.map(({ mark }) => `${mark.path} ${mark.hollow}`)).size, sources.length);
});
