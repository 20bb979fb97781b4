import { realpathSync } from 'node:fs';
import path from 'node:path';
import { message } from '../../core/message/message.ts';
import { whenAborted } from '../../core/queue/whenAborted.ts';
import type { Command } from '../command.ts';
import { usageError } from '../usage.ts';

/** `recsample lsp --stdio`: the language server, for editors other than VS Code. */
export const lspCommand: Command = {
  name: 'lsp',
  summary: message('Serve ratio configs to an editor (Language Server Protocol)'),
  arguments: [],
  options: {
    stdio: { type: 'boolean', help: message('Use standard input and output. Required') },
    clientProcessId: {
      type: 'string',
      placeholder: 'PID',
      help: message('Process id of the editor. The server ends when the editor ends'),
    },
  },
  examples: ['recsample lsp --stdio'],
  async run(input, context) {
    if (!input.flag('stdio'))
      throw usageError(message('--stdio is missing'), message('Try {0}.', 'recsample lsp --stdio'));
    // The engine is next to the program itself, not next to a link to it.
    const bundle = realpathSync(process.argv[1] ?? '.');
    const { serveStdio } = await import('../../server/process/stdio.ts');
    serveStdio({ engineModule: path.join(path.dirname(bundle), 'engine.mjs'), locale: context.locale });
    // The connection ends the process. A signal ends it as well.
    await whenAborted(context.signal);
    process.exit(130);
  },
};
