import { stages, type Stage } from '../../core/schema/stage.ts';
import { message, type Message } from '../../core/message/message.ts';

/** The reason why no stage was chosen, and the stages of the config as advice. */
export interface StageMissing {
  readonly failure: Message;
  /** Null if there are no stages. */
  readonly known: Message | null;
}

/** The stage named `word`, or the only stage if it is undefined. `keys`: the keys below `stages` in the config. */
export function chooseStage(word: string | undefined, keys: readonly string[], config: string): Stage | StageMissing {
  const available = stages.filter((stage) => keys.includes(stage));
  const stage =
    word === undefined && available.length === 1 ? available[0] : available.find((candidate) => candidate === word);
  if (stage !== undefined) return stage;
  const names = available.join(', ');
  if (word !== undefined)
    return {
      failure: message('{0} has no stage {1}', config, word),
      known: names === '' ? null : message('Its stages: {0}.', names),
    };
  return names === ''
    ? { failure: message('{0} has no stage', config), known: null }
    : { failure: message('{0} is missing', '--stage'), known: message('Stages of the config: {0}.', names) };
}
