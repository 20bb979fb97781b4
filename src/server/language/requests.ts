import path from 'node:path';
import { failureOf } from '../../core/message/failure.ts';
import type { ValidateAllResult } from '../../protocol/language.ts';
import type { ServerAnswers, ServerParams } from '../../protocol/server.ts';
import { addressOfPath, addressOfUri, type Address } from './address.ts';
import type { Configs } from './configs.ts';
import { isChecked } from '../../core/policy/finding.ts';
import type { Snapshot } from './snapshot.ts';
import { countsOf, summaryOf } from './summary.ts';

/** Answers RecSample's own requests about configs. */
export const configAnswers = (configs: Configs): Pick<ServerAnswers, 'validate' | 'validateAll' | 'configSummary'> => ({
  validate: async (params, { signal }) => {
    const {
      address: { uri },
      findings,
      rules,
      level,
    } = await configs.validate(addressOf(params), params.level, signal);
    return { uri, findings, rules, level, counts: countsOf(findings) };
  },
  validateAll: async (params, { signal }) => {
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
  },
  configSummary: async (params) => summaryOf(await configs.listed(addressOf(params))),
});

function addressOf(params: ServerParams<'configSummary'>): Address {
  return 'uri' in params ? addressOfUri(params.uri) : addressOfPath(path.resolve(params.path));
}
