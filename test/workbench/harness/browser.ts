import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { hung } from './deadlines.ts';
import { testEnvironment } from './environment.ts';

/**
 * Scripts of a page get more memory at the start, in MB. Otherwise V8 collects garbage again and again during the load.
 */
export const moreMemory = '--js-flags=--min-semi-space-size=16 --max-semi-space-size=32 --initial-heap-size=256';

/** Starts Chromium so that only this machine's names resolve; a request to another host cannot leave. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: testEnvironment().chromium,
    timeout: hung,
    args: [
      '--no-sandbox',
      moreMemory,
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
    env: { ...process.env, FONTCONFIG_FILE: path.join(import.meta.dirname, 'fonts.conf') },
    ignoreDefaultArgs: ['--hide-scrollbars'],
  });
}
