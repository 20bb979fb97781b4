import { message } from '../message/message.ts';
import { printable, printableId } from '../message/printable.ts';
import { ownValue } from '../ownValue.ts';
import type { Preview, PreviewUser } from '../sampling/answers.ts';
import type { PreviewGroup } from '../sampling/drawn.ts';
import type { ShownHistory, ShownSequence, ShownStep } from '../sampling/shownHistories.ts';
import { formatCount } from '../table/format.ts';
import { valueAt } from '../valueAt.ts';
import { timeText } from './drawnText.ts';
import { ageOf, historyParts, leftOutParts, spanText, stepsOf } from './sequenceSteps.ts';
import { gap, type Cell } from './textTable.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';

/** Most steps of a history that are listed. */
const MAX_STEPS = 5;
const TITLE_CELLS = 32;

/** The histories of a user's groups, for a terminal. Groups with equal histories share them. Empty without sequences. */
export function historyLines(
  { sequences = [], facts }: Pick<Preview, 'sequences' | 'facts'>,
  user: PreviewUser,
  options: TextOptions,
): string[] {
  const writer = new Writer(sequences, facts.items, options);
  const shared = new Map<string, PreviewGroup[]>();
  for (const group of sequences.length === 0 ? [] : user.groups) {
    const key = JSON.stringify([group.request, group.histories]);
    shared.set(key, [...(shared.get(key) ?? []), group]);
  }
  return [...shared.values()].flatMap((groups) => ['', ...writer.groups(groups, user)]);
}

class Writer extends TextWriter {
  private readonly hasTitles: boolean;

  constructor(
    private readonly sequences: readonly ShownSequence[],
    private readonly items: Preview['facts']['items'],
    options: TextOptions,
  ) {
    super(options);
    this.hasTitles = Object.values(items).some(({ title }) => title !== null);
  }

  groups(groups: readonly PreviewGroup[], { steps = [] }: PreviewUser): string[] {
    const [first] = groups;
    if (!first) return [];
    const names = groups.map(({ item, time }) => (item === null ? timeText(time) : printableId(item)));
    const head = [
      this.text(message('History of {0}', names.join(', '))),
      ...(first.request === null ? [] : [printableId(first.request)]),
    ];
    return [
      this.fitLine(head.join(' · ')),
      ...this.sequences.flatMap((sequence, k) => {
        const ofUser = valueAt(steps, k);
        const history = valueAt(first.histories ?? [], k);
        return this.history(sequence, history, ofUser);
      }),
    ];
  }

  private history(sequence: ShownSequence, history: ShownHistory, ofUser: readonly ShownStep[]): string[] {
    const parts = historyParts(sequence, history, ofUser, timeText).map((part) => this.text(part));
    const leftOut = leftOutParts(sequence, history).map((part) => this.text(part));
    const shown = stepsOf(history, ofUser);
    const rows = shown
      .slice(0, MAX_STEPS)
      .map(({ step, session }): Cell[] => [
        { text: spanText(ageOf(history, step)), align: 'right' },
        { text: printableId(step.item) },
        ...(this.hasTitles ? [{ text: printable(ownValue(this.items, step.item)?.title ?? '') }] : []),
        ...(session === null ? [] : [{ text: String(session), align: 'right' as const }]),
        ...step.values.map((value): Cell =>
          value === null ? { text: '∅', tone: 'faint' } : { text: printable(value) },
        ),
      ]);
    const head: Cell[] = [
      { text: this.text(message('before')), align: 'right' },
      { text: sequence.value === undefined ? this.text(message('item')) : printable(sequence.value) },
      ...(this.hasTitles ? [{ text: this.text(message('title')) }] : []),
      ...(history.sessions === null ? [] : [{ text: this.text(message('session')), align: 'right' as const }]),
      ...sequence.columns.map((name): Cell => ({ text: printable(name) })),
    ];
    return [
      ...this.wrapped(`${printable(sequence.name)} ${parts.join(' · ')}`, null, gap),
      ...(leftOut.length === 0 ? [] : this.wrapped(message('left out: {0}', leftOut.join(' · ')), null, gap + gap)),
      ...(rows.length === 0
        ? []
        : this.table(
            head,
            rows,
            head.map((_, k) => (k === 2 ? TITLE_CELLS : 40)),
            gap + gap,
          )),
      ...(shown.length <= MAX_STEPS
        ? []
        : [this.fitLine(`${gap}${gap}${this.text(message('and {0} more', formatCount(shown.length - MAX_STEPS)))}`)]),
    ];
  }
}
