import { stages, type Stage } from '../../core/schema/stage.ts';
import { message, type Message } from '../../core/message/message.ts';

/** Why the stage is not clear, and which stages exist. */
export interface StageMissing {
  readonly failure: Message;
  /** Null if there are no stages. */
  readonly known: Message | null;
}

/** The requested stage, or the only stage if none was requested. `keys`: the stages of the config at that path. */
export function chooseStage(word: string | undefined, keys: readonly string[], config: string): Stage | StageMissing {
  const known = stages.filter((stage) => keys.includes(stage));
  const stage = word === undefined && known.length === 1 ? known[0] : known.find((one) => one === word);
  if (stage !== undefined) return stage;
  const names = known.join(', ');
  if (word !== undefined)
    return {
      failure: message('{0} has no stage {1}', config, word),
      known: names === '' ? null : message('Its stages: {0}.', names),
    };
  return names === ''
    ? { failure: message('{0} has no stage', config), known: null }
    : { failure: message('{0} is missing', '--stage'), known: message('Stages of the config: {0}.', names) };
}
