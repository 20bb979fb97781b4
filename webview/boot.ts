import type { WebviewBoot } from '../src/protocol/inspector.ts';

/** What the host wrote into the page, read once. A page without it (a test of one element) is English and nameless. */
export const boot: WebviewBoot = read();

function read(): WebviewBoot {
  const text = document.getElementById('boot')?.textContent ?? '';
  return text === '' ? { locale: 'en', strings: {}, nonce: '', name: '' } : (JSON.parse(text) as WebviewBoot);
}
