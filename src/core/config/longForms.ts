import type { ConfigDraft } from './definition/config.ts';
import type { ConfigDocument } from './document.ts';

const names: readonly string[] = ['items', 'users'];

/** True for the long form of an entry of `data`: `items: {from: impressions}` means the same as no `items`. */
export function isLongForm(document: ConfigDocument, name: string): boolean {
  return names.includes(name) && document.has(['data', name, 'from']);
}

/** Removes the long forms, because they mean the same as missing entries. */
export function withoutLongForms(config: ConfigDraft): ConfigDraft {
  const { items, users, ...data } = config.data ?? {};
  if (!isFromLog(items) && !isFromLog(users)) return config;
  return {
    ...config,
    data: {
      ...data,
      ...(items && !isFromLog(items) ? { items } : {}),
      ...(users && !isFromLog(users) ? { users } : {}),
    },
  };
}

function isFromLog(entry: object | undefined): boolean {
  return entry !== undefined && 'from' in entry;
}
