import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve, type ServeOptions } from './serve.ts';

/**
 * Serves a client on standard input and output. The library takes both because `--stdio` is on the command line, and from then on
 * the console goes to the client's log. The process ends with the client: with code 0 after `shutdown`, else with 1.
 */
export function serveStdio(options: ServeOptions): void {
  serve(createConnection(ProposedFeatures.all), options);
}
