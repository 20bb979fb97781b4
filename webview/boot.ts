import type { WebviewBoot } from '../src/protocol/inspector.ts';

/**
 * The data that the host wrote into the page, read once. A page without it (a test of one element) is English and has
 * no name.
 */
export const boot: WebviewBoot = readBoot();

function readBoot(): WebviewBoot {
  const text = document.getElementById('boot')?.textContent ?? '';
  return text === '' ? { locale: 'en', strings: {}, nonce: '', name: '' } : (JSON.parse(text) as WebviewBoot);
}
