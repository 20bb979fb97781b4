import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

interface Started {
  readonly listening: Promise<string | undefined>;
  readonly ended: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

const { startWorkbench } = (await import(new URL('../../scripts/workbench.mjs', import.meta.url).href)) as {
  readonly startWorkbench: (options: {
    readonly program: readonly string[];
    readonly folder: string;
    readonly extensions: string;
    readonly settings: object;
    readonly env?: Readonly<Record<string, string>>;
    readonly late?: AbortSignal;
  }) => Started;
};

/** Starts a script in place of code-server. Its folder is removed after `check`. */
async function withWorkbench(
  script: string,
  check: (started: Started, folder: string) => Promise<void>,
  options: { readonly env?: Readonly<Record<string, string>>; readonly late?: AbortSignal } = {},
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'recsample-start-'));
  try {
    const file = path.join(folder, 'server.cjs');
    writeFileSync(file, script);
    await check(
      startWorkbench({ program: [process.execPath, file], folder, extensions: folder, settings: {}, ...options }),
      folder,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const listens = `console.log('HTTP server listening on http://127.0.0.1:4321/'); setInterval(() => {}, 1e6);`;

test('a workbench does not see the variables that code-server reads as options', async () => {
  const hostile = {
    PORT: '1234',
    PASSWORD: 'secret',
    HASHED_PASSWORD: 'secret',
    GITHUB_TOKEN: 'secret',
    LOG_LEVEL: 'error',
    NODE_OPTIONS: '--no-deprecation',
    NODE_ENV: 'production',
    CODE_SERVER_HOST: '0.0.0.0',
    CS_DISABLE_PROXY: '0',
    VSCODE_IPC_HOOK_CLI: '/tmp/other.sock',
  };
  const before = { ...process.env };
  Object.assign(process.env, hostile, { PORTABLE: 'kept' });
  try {
    const script = `require('fs').writeFileSync(__dirname + '/env.json', JSON.stringify(process.env)); ${listens}`;
    await withWorkbench(
      script,
      async ({ listening, stop }, folder) => {
        assert.equal(await listening, 'http://127.0.0.1:4321');
        const env = JSON.parse(readFileSync(path.join(folder, 'env.json'), 'utf8')) as Record<string, string>;
        assert.deepEqual(
          Object.keys(hostile).filter((name) => name in env),
          ['VSCODE_IPC_HOOK_CLI'],
        );
        assert.equal(env['VSCODE_IPC_HOOK_CLI'], 'asked for');
        assert.equal(env['PORTABLE'], 'kept');
        await stop();
      },
      { env: { VSCODE_IPC_HOOK_CLI: 'asked for' } },
    );
  } finally {
    for (const name of [...Object.keys(hostile), 'PORTABLE']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
});

test('a workbench that does not answer is ended, and its log is shown', async () => {
  const late = new AbortController();
  // The script asks for the end of its time after it wrote its log.
  const server = createServer((_, answer) => {
    late.abort();
    answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const script = `process.stdout.write('waits for a lock', () => fetch('http://127.0.0.1:${port}/'));
    setInterval(() => {}, 1e6);`;
  await withWorkbench(
    script,
    async ({ listening, ended }) => {
      await assert.rejects(listening, /did not answer in time.*:\nwaits for a lock$/);
      await ended;
    },
    { late: late.signal },
  );
  server.closeAllConnections();
  server.close();
});

test('a workbench that ends, or cannot be started, says so at once; one that is stopped does not', async () => {
  await withWorkbench(`console.error('port in use'); process.exit(1);`, ({ listening }) =>
    assert.rejects(listening, /ended before it answered.*:\nport in use/),
  );
  await withWorkbench('setInterval(() => {}, 1e6);', async ({ listening, stop }) => {
    await stop();
    assert.equal(await listening, undefined);
  });
});
