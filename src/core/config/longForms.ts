import type { ConfigDraft } from './definition/config.ts';
import type { ConfigDocument } from './document.ts';

const names: readonly string[] = ['items', 'users'];

/** Whether an entry of `data` has its long form: `items: {from: impressions}` means the same as no `items`. */
export function isLongForm(document: ConfigDocument, name: string): boolean {
  return names.includes(name) && document.has(['data', name, 'from']);
}

/** Drops the long forms, so that they and the short ones have one meaning. */
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
