import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve, type ServeOptions } from './serve.ts';

/**
 * Serves a client on standard input and output. The library uses both because `--stdio` is on the command line; the
 * console then writes to the client's log. The process ends with the client: with exit code 0 after `shutdown`, else
 * with 1.
 */
export function serveStdio(options: ServeOptions): void {
  serve(createConnection(ProposedFeatures.all), options);
}
