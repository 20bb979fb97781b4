import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { valueAt } from '../../core/valueAt.ts';
import type { CallContext, EngineMethod } from '../../protocol/engine.ts';
import { languageWire } from '../../protocol/language.ts';
import { accept, type Schema } from '../../protocol/schema/accept.ts';
import { isPlainObject, progressToken } from '../../protocol/schema/shapes.ts';
import {
  serverRequests,
  wireName,
  type ServerAnswers,
  type ServerParams,
  type ServerRequest,
} from '../../protocol/server.ts';
import { progressTo, runListed } from '../engine/clientCall.ts';
import type { RunningCalls } from '../engine/runningCalls.ts';
import { addressOfPath, addressOfUri } from '../language/address.ts';
import type { Configs } from '../language/configs.ts';
import { configAnswers } from '../language/requests.ts';
import { signalOf, type Answered } from '../language/responses.ts';
import { Audits } from './audits.ts';
import { PreviewService } from './previewService.ts';
import { SampleFiles, type SampleFilesOptions } from './sampleFiles.ts';
import { SparkJobs } from './sparkJobs.ts';
import { Trials } from './trials.ts';

export interface ServeRequestsOptions extends SampleFilesOptions {
  readonly connection: Connection;
  readonly configs: Configs;
  /** The list of calls that the user can cancel. */
  readonly running: RunningCalls;
  /** Turns a thrown error into a response error that carries its failure. */
  readonly answered: Answered;
}

/** Serves the requests of the table on a connection. No request waits for another, because users type meanwhile. */
export function serveRequests({ connection, configs, running, answered, ...options }: ServeRequestsOptions): {
  dataChanged(): void;
} {
  const previews = new PreviewService(options);
  const answers = answersOf(configs, previews, options);
  let tokens = 0;
  for (const [name, row] of Object.entries<{ readonly params: Schema; readonly shownAs?: EngineMethod }>(
    serverRequests,
  )) {
    const wire = wireName(name as ServerRequest);
    const answer = answers[name as ServerRequest] as (params: unknown, call: CallContext) => Promise<unknown>;
    connection.onRequest(wire, (received: unknown, cancellation: CancellationToken) =>
      answered(async () => {
        const { params, token } = acceptRequest(row.params, wire, received);
        const progress = progressTo(connection, token);
        if (row.shownAs === undefined) return await answer(params, { signal: signalOf(cancellation), progress });
        const listed = {
          token: `sampling-${++tokens}`,
          method: row.shownAs,
          path: pathOf(params as ServerParams<ListedRequest>),
        };
        return await runListed(running, listed, { cancellation, progress }, (call) => answer(params, call));
      }),
    );
  }
  return {
    dataChanged: () => {
      previews.dataChanged();
      void connection.sendNotification(languageWire.dataChanged);
    },
  };
}

/** The parameters of a request, and the token that the client made for its progress. */
function acceptRequest(schema: Schema, name: string, received: unknown): { params: unknown; token?: string } {
  if (!isPlainObject(received) || !('token' in received)) return { params: accept(schema, name, received) };
  const { token, ...params } = received;
  return { params: accept(schema, name, params), ...accept(progressToken, name, { token }) };
}

function answersOf(configs: Configs, previews: PreviewService, options: SampleFilesOptions): ServerAnswers {
  const files = new SampleFiles(options);
  const sparkJobs = new SparkJobs(options);
  const audits = new Audits(options);
  const trials = new Trials(options);
  return {
    ...configAnswers(configs),
    sampler: (params) => previews.sampler(params),
    extract: (params, call) => previews.extract(params, call),
    preview: (params, call) => previews.preview(params, call),
    users: (params, call) => previews.users(params, call),
    items: (params, call) => previews.items(params, call),
    story: (params, call) => previews.story(params, call),
    explain: (params, call) => previews.explain(params, call),
    compare: (params, call) => previews.compare(params, call),
    setKnobs: (params) => previews.setKnobs(params),
    sampleOffer: (params) => files.offer(params),
    generate: (params, call) => files.generate(params, call),
    sparkJobOffer: (params) => sparkJobs.offer(params),
    sparkJob: (params, call) => sparkJobs.text(params, call),
    trial: (params, call) => trials.trial(params, call),
    audit: (params, call) => audits.audit(params, call),
    recorded: (params) => Promise.resolve(audits.recorded(params)),
    infer: (params, call) => audits.infer(params, call),
    starter: (params, call) => audits.starter(params, call),
  };
}

type ListedRequest = {
  [R in ServerRequest]: (typeof serverRequests)[R] extends { readonly shownAs: EngineMethod } ? R : never;
}[ServerRequest];

/** The path that a request is about; the status item shows it. */
function pathOf(params: ServerParams<ListedRequest>): string | null {
  if ('config' in params) return addressOfUri(params.config.uri).path;
  if ('a' in params) return addressOfUri(params.a.config.uri).path;
  if ('configs' in params) return addressOfUri(valueAt(params.configs, 0).uri).path;
  return addressOfUri(addressOfPath('path' in params ? params.path : params.target).uri).path;
}
