import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { testEnvironment } from './environment.ts';

/** Starts Chromium so that only this machine's names resolve; a request to another host cannot leave. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: testEnvironment().chromium,
    args: [
      '--no-sandbox',
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
