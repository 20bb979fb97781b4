import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message, render } from '../../src/core/message/message.ts';

test('a message inside a message is translated as well', () => {
  const inner = message('the files of data.{0} do not exist', 'items');
  const outer = message('Nothing can be drawn: {0}', inner);
  assert.equal(render(outer), 'Nothing can be drawn: the files of data.items do not exist');
  const chinese: Readonly<Record<string, string>> = {
    'Nothing can be drawn: {0}': '无法采样：{0}',
    'the files of data.{0} do not exist': 'data.{0} 的文件不存在',
  };
  assert.equal(
    render(outer, (text) => chinese[text] ?? text),
    '无法采样：data.items 的文件不存在',
  );
});

test('a value that looks like a placeholder is not replaced', () => {
  assert.equal(render(message('{0} and {1}', '{1}', 2)), '{1} and 2');
});
