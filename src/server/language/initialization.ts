import type { InitializationOptions } from '../../protocol/language.ts';
import { acceptState } from '../../protocol/schema/accept.ts';
import { initializationKeys } from '../../protocol/schema/language.ts';

/**
 * The client's `initializationOptions`. A value of the wrong type is ignored and its key is listed in `ignored`,
 * because other editors pass on what their users wrote. An invalid `trusted` means false.
 */
export function readInitialization(received: unknown): {
  readonly options: InitializationOptions;
  readonly ignored: readonly string[];
} {
  const given: readonly (readonly [string, unknown])[] =
    typeof received === 'object' && received !== null ? Object.entries(received) : [];
  const ignored: string[] = [];
  const kept: [string, unknown][] = [];
  for (const [key, value] of given) {
    if (!isKnown(key)) continue;
    const accepted = acceptState(initializationKeys[key], value);
    if (accepted !== null) kept.push([key, accepted]);
    else {
      ignored.push(key);
      if (key === 'trusted') kept.push([key, false]);
    }
  }
  return { options: Object.fromEntries(kept), ignored };
}

function isKnown(key: string): key is keyof typeof initializationKeys {
  return Object.hasOwn(initializationKeys, key);
}
