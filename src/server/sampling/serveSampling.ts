import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import type { CallContext, EngineMethod } from '../../protocol/engine.ts';
import { generateWire } from '../../protocol/generate.ts';
import { sparkJobWire } from '../../protocol/sparkJob.ts';
import { samplingWire, type ConfigText } from '../../protocol/preview.ts';
import { accept, type Output, type Schema } from '../../protocol/schema/accept.ts';
import { samplingParams } from '../../protocol/schema/preview.ts';
import { auditWire } from '../../protocol/auditView.ts';
import { trialRequest } from '../../protocol/schema/trial.ts';
import { trialWire } from '../../protocol/trial.ts';
import { auditRequest, inferRequest, recordedRequest, starterRequest } from '../../protocol/schema/audit.ts';
import { valueAt } from '../../core/valueAt.ts';
import { wire, type ProgressParams } from '../../protocol/wire.ts';
import { addressOfPath, addressOfUri } from '../language/address.ts';
import type { RunningCalls } from '../engine/runningCalls.ts';
import { Audits } from './audits.ts';
import { SampleFiles, type SampleFilesOptions } from './sampleFiles.ts';
import { PreviewService } from './previewService.ts';
import { SparkJobs } from './sparkJobs.ts';
import { Trials } from './trials.ts';

export interface ServeSamplingOptions extends SampleFilesOptions {
  readonly connection: Connection;
  /** The list of calls that the user can cancel. */
  readonly running: RunningCalls;
  /** Turns a thrown error into a response error that carries its failure. */
  readonly answered: <T>(answer: () => Promise<T>) => Promise<T>;
}

/** Request token made by the client, for progress. */
interface Named {
  readonly token?: string;
}

/**
 * Serves preview requests, and requests to write sample files, on a connection. Previews run while the user types, and
 * no preview waits for another.
 */
export function serveSampling({ connection, running, answered, ...options }: ServeSamplingOptions): {
  dataChanged(): void;
} {
  const service = new PreviewService(options);
  const files = new SampleFiles(options);
  const sparkJobs = new SparkJobs(options);
  const audits = new Audits(options);
  const trials = new Trials(options);
  let tokens = 0;

  /** Runs an engine call so that the status item lists it, and both the status item and the client can cancel it. */
  const run = <T>(
    method: EngineMethod,
    { uri }: ConfigText,
    { token: progressToken }: Named,
    cancellation: CancellationToken,
    work: (call: CallContext) => Promise<T>,
  ): Promise<T> => {
    const token = `sampling-${++tokens}`;
    return running.run(token, method, addressOfUri(uri).path, async (signal, progress) => {
      const listener = cancellation.onCancellationRequested(() => {
        running.cancel(token);
      });
      if (cancellation.isCancellationRequested) running.cancel(token);
      try {
        return await work({
          signal,
          progress: (p) => {
            progress(p);
            if (progressToken !== undefined)
              void connection.sendNotification(wire.progress, {
                token: progressToken,
                progress: p,
              } satisfies ProgressParams);
          },
        });
      } finally {
        listener.dispose();
      }
    });
  };

  /** Serves a request whose parameters match its schema; refuses any other. */
  const serve = <S extends Schema>(
    name: string,
    schema: S,
    answer: (params: Output<S>, cancellation: CancellationToken) => Promise<unknown>,
  ): void => {
    connection.onRequest(name, (received: unknown, cancellation: CancellationToken) =>
      answered(() => answer(accept(schema, name, received), cancellation)),
    );
  };
  serve(samplingWire.sampler, samplingParams.sampler, (params) => service.sampler(params));
  serve(samplingWire.setKnobs, samplingParams.setKnobs, (params) => service.setKnobs(params));
  serve(samplingWire.extract, samplingParams.extract, (params, token) =>
    run('manifest', params.config, params, token, (call) => service.extract(params, call)),
  );
  serve(samplingWire.preview, samplingParams.preview, (params, token) =>
    run('preview', params.config, params, token, (call) => service.preview(params, call)),
  );
  serve(samplingWire.users, samplingParams.users, (params, token) =>
    run('sampleUsers', params.config, params, token, (call) => service.users(params, call)),
  );
  serve(samplingWire.items, samplingParams.items, (params, token) =>
    run('sampleItems', params.config, params, token, (call) => service.items(params, call)),
  );
  serve(samplingWire.story, samplingParams.story, (params, token) =>
    run('userStory', params.config, params, token, (call) => service.story(params, call)),
  );
  serve(samplingWire.explain, samplingParams.explain, (params, token) =>
    run('explainPair', params.config, params, token, (call) => service.explain(params, call)),
  );
  serve(samplingWire.compare, samplingParams.compare, (params, token) =>
    run('preview', params.a.config, params, token, (call) => service.compare(params, call)),
  );
  serve(generateWire.offer, samplingParams.offer, (params) => files.offer(params));
  serve(generateWire.generate, samplingParams.generate, (params, token) =>
    run('sample', params.config, params, token, (call) => files.generate(params, call)),
  );
  serve(sparkJobWire.offer, samplingParams.sparkJobOffer, (params) => sparkJobs.offer(params));
  serve(sparkJobWire.text, samplingParams.sparkJob, ({ token: progress, ...params }, token) =>
    run('sparkInputs', params.config, progress === undefined ? {} : { token: progress }, token, (call) =>
      sparkJobs.text(params, call),
    ),
  );
  serve(trialWire.trial, trialRequest, ({ token: progress, ...params }, token) =>
    run('trial', valueAt(params.configs, 0), progress === undefined ? {} : { token: progress }, token, (call) =>
      trials.trial(params, call),
    ),
  );
  serve(auditWire.audit, auditRequest, ({ token: progress, ...params }, token) =>
    run('audit', addressOfPath(params.path), progress === undefined ? {} : { token: progress }, token, (call) =>
      audits.audit(params, call),
    ),
  );
  serve(auditWire.recorded, recordedRequest, ({ path }) => Promise.resolve(audits.recorded({ path })));
  serve(auditWire.infer, inferRequest, ({ token: progress, ...params }, token) =>
    run('inferDraws', addressOfPath(params.path), progress === undefined ? {} : { token: progress }, token, (call) =>
      audits.infer(params, call),
    ),
  );
  serve(auditWire.starter, starterRequest, ({ token: progress, ...params }, token) =>
    run('profile', addressOfPath(params.target), progress === undefined ? {} : { token: progress }, token, (call) =>
      audits.starter(params, call),
    ),
  );

  return {
    dataChanged: () => {
      service.dataChanged();
      void connection.sendNotification(samplingWire.dataChanged);
    },
  };
}
