import { idOfText } from '../../src/core/sampling/idOfText.ts';
import type { PreviewUser, SamplingFacts } from '../../src/protocol/sampling.ts';
import { t } from '../strings.ts';
import { itemName } from './texts.ts';

/** An item of a user's groups, to choose for a question. */
interface PairItem {
  readonly item: string;
  /** Its title, and what it is for the user. */
  readonly label: string;
}

/** The items in the groups of a user, each once, positives first. */
export function itemsOfUser(user: PreviewUser | null, facts: SamplingFacts | null): readonly PairItem[] {
  const rows = (user?.groups ?? []).flatMap((group) => group.rows);
  const itemsById = new Map<string, PairItem>();
  for (const { item, label, entry } of [...rows].sort((a, b) => b.label - a.label)) {
    if (itemsById.has(item)) continue;
    itemsById.set(item, { item, label: `${itemName(facts, item)} · ${label === 1 ? t('positive') : (entry ?? '')}` });
  }
  return [...itemsById.values()];
}

/**
 * The item that a text names: its id, or the title of one item of the preview. A text that is no such title is an id.
 * @throws FailureError `bad-filter` if several items have the title
 */
export function itemOfText(text: string, facts: SamplingFacts | null): string {
  if (!facts || Object.hasOwn(facts.items, text)) return text;
  return idOfText(
    text,
    Object.entries(facts.items).map(([id, { title }]) => ({ id, title })),
    'items',
  );
}
