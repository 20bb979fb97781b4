import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatePage } from '../../src/extension/inspector/gatePage.ts';

const page = (over: { title?: string; target?: string | null } = {}): string =>
  gatePage({
    language: 'en',
    cspSource: 'https://example.test',
    nonce: 'n0nce',
    title: 'T',
    text: 'Why',
    target: null,
    button: 'Open',
    ...over,
  });

test('the name of a file is text, never markup', () => {
  const html = page({ title: '<img src=x onerror=alert(1)>.parquet', target: '"><script>alert(2)</script>' });
  assert.doesNotMatch(html, /<img|<script>alert/);
  assert.match(html, /&#60;img src=x onerror=alert\(1\)&#62;\.parquet/);
});

test('scripts and styles carry the nonce, nothing else may run', () => {
  const html = page();
  assert.match(html, /default-src &#39;none&#39;/);
  assert.equal(html.match(/<(script|style)(?! nonce="n0nce")/g), null);
});

test('the target of a link is shown only where there is one', () => {
  assert.doesNotMatch(page(), /<code>/);
  assert.match(page({ target: '/elsewhere/x.parquet' }), /<code>\/elsewhere\/x\.parquet<\/code>/);
});
