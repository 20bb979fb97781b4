import path from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { failureOf } from '../../core/message/failure.ts';
import {
  languageWire,
  type ConfigParams,
  type ConfigSummary,
  type ValidateAllResult,
  type ValidateResult,
} from '../../protocol/language.ts';
import { accept } from '../../protocol/schema/accept.ts';
import { languageParams } from '../../protocol/schema/language.ts';
import { addressOfPath, addressOfUri, type Address } from './address.ts';
import type { Configs } from './configs.ts';
import { signalOf, type Answered } from './responses.ts';
import { isChecked } from '../../core/policy/finding.ts';
import type { Snapshot } from './snapshot.ts';
import { countsOf, summaryOf } from './summary.ts';

/** Serves RecSample's own requests about configs. */
export function serveConfigRequests(connection: Connection, configs: Configs, answered: Answered): void {
  connection.onRequest(languageWire.validate, (received: unknown, token: CancellationToken): Promise<ValidateResult> =>
    answered(async () => {
      const params = accept(languageParams.validate, languageWire.validate, received);
      const {
        address: { uri },
        findings,
        rules,
        level,
      } = await configs.validate(addressOf(params), params.level, signalOf(token));
      return { uri, findings, rules, level, counts: countsOf(findings) };
    }),
  );
  connection.onRequest(
    languageWire.validateAll,
    (received: unknown, token: CancellationToken): Promise<ValidateAllResult> =>
      answered(async () => {
        const params = accept(languageParams.validateAll, languageWire.validateAll, received);
        const signal = signalOf(token);
        const files: ValidateAllResult['files'][number][] = [];
        const all: Snapshot['findings'][number][] = [];
        for (const config of params.configs) {
          const address = addressOf(config);
          try {
            const snapshot = await configs.validate(address, params.level, signal);
            for (const finding of snapshot.findings) all.push(finding);
            files.push({ uri: address.uri, counts: countsOf(snapshot.findings), checked: isChecked(snapshot.rules) });
          } catch (error) {
            signal.throwIfAborted();
            files.push({ uri: address.uri, failure: failureOf(error) });
          }
        }
        return { files, counts: countsOf(all) };
      }),
  );
  connection.onRequest(languageWire.configSummary, (received: unknown): Promise<ConfigSummary> =>
    answered(async () => {
      const params = accept(languageParams.configSummary, languageWire.configSummary, received);
      return summaryOf(await configs.listed(addressOf(params)));
    }),
  );
}

function addressOf(params: ConfigParams): Address {
  return 'uri' in params ? addressOfUri(params.uri) : addressOfPath(path.resolve(params.path));
}
