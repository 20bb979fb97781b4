import type { Connection } from 'vscode-languageserver/node';
import manifest from '../../../package.json' with { type: 'json' };
import type { Locale } from '../../core/message/translator.ts';
import { defaultEngineSettings } from '../../protocol/wire.ts';
import { serveEngine } from '../engine/engineRequests.ts';
import { serverCapabilities } from '../language/capabilities.ts';
import { readInitialization } from '../language/initialization.ts';
import { serveLanguage } from './serveLanguage.ts';

export interface ServeOptions {
  /** Absolute path of the engine script. */
  readonly engineModule: string;
  /** Language of messages if the client names none. */
  readonly locale: Locale;
}

/**
 * Serves one client: engine requests, and the language of ratio configs. The engine is forked when it is first needed.
 */
export function serve(connection: Connection, { engineModule, locale }: ServeOptions): void {
  const { engine, writer, running } = serveEngine(connection, engineModule);
  let language: { dispose(): void } | null = null;
  connection.onInitialize((initialize) => {
    const { options, ignored } = readInitialization(initialize.initializationOptions);
    if (ignored.length > 0)
      connection.console.warn(`initializationOptions: values of a wrong type are ignored: ${ignored.join(', ')}`);
    const { memoryLimit, threads } = { ...defaultEngineSettings, ...options };
    engine.configure({ memoryLimit, threads });
    writer.configure({ memoryLimit, threads });
    const { version, repository }: { readonly version: string; readonly repository?: unknown } = manifest;
    language = serveLanguage({ connection, engine, writer, running, locale, initialize, options, repository, version });
    return { capabilities: serverCapabilities, serverInfo: { name: 'recsample', version } };
  });
  connection.onShutdown(() => {
    language?.dispose();
    engine.dispose();
    writer.dispose();
  });
  connection.listen();
}
