import path from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './serve.ts';

// The server ends with its parent process. The engine ends with the server: it watches the channel between them.
process.once('disconnect', () => process.exit(0));

/** The engine is next to the server; `--engine FILE` names another one. */
function engineModule(): string {
  const option = process.argv.indexOf('--engine');
  return (
    (option < 0 ? undefined : process.argv[option + 1]) ?? path.join(path.dirname(process.argv[1] ?? ''), 'engine.mjs')
  );
}

serve(createConnection(ProposedFeatures.all), { engineModule: engineModule(), locale: 'en' });
