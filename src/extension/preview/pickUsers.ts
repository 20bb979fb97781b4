import { randomInt } from 'node:crypto';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { failureOf } from '../../core/message/failure.ts';
import type { SamplerParams } from '../../protocol/preview.ts';
import type { FoundUser, UserChoice } from '../../protocol/sampling.ts';
import { formatCount, textOfFailure } from '../language.ts';
import type { ServerLink } from '../serverLink.ts';

/** Users of each kind that are proposed before the user types, and the maximum number of search results. */
const MAX_PROPOSED = 5;
const MAX_RESULTS = 50;

interface UserItem extends vscode.QuickPickItem {
  readonly foundUser?: FoundUser;
}

/**
 * Asks for users. Proposes the heaviest, some of the coldest and some random users; typed text searches the data. Null
 * if dismissed.
 */
export function pickUsers(
  link: ServerLink,
  params: SamplerParams,
  without: readonly string[],
  title: string,
): Promise<readonly FoundUser[] | null> {
  return askForUsers(link, params, { without, title, many: true });
}

/** Like `pickUsers`, for a single user. */
export async function pickUser(link: ServerLink, params: SamplerParams, title: string): Promise<FoundUser | null> {
  return (await askForUsers(link, params, { without: [], title, many: false }))?.[0] ?? null;
}

function askForUsers(
  link: ServerLink,
  params: SamplerParams,
  {
    without: excludedUsers,
    title,
    many,
  }: { readonly without: readonly string[]; readonly title: string; readonly many: boolean },
): Promise<readonly FoundUser[] | null> {
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<UserItem>();
    const picked = new Map<string, FoundUser>();
    let controller = new AbortController();
    pick.title = title;
    pick.placeholder = vscode.l10n.t('The beginning of a user id, or a part of a name');
    pick.canSelectMany = many;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;

    const show = (groups: readonly (readonly UserItem[])[]): void => {
      const selected = [...picked.values()].map(itemOf);
      const others = groups.map((group) => group.filter(({ foundUser: user }) => !user || !picked.has(user.user)));
      pick.items = [...selected, ...others.flat()];
      pick.selectedItems = selected;
    };
    const find = async (text: string): Promise<void> => {
      controller.abort();
      const { signal } = (controller = new AbortController());
      const ask = (choice: UserChoice, limit: number): Promise<readonly FoundUser[]> =>
        link.request('users', { ...params, choice, limit, without: excludedUsers }, { signal });
      pick.busy = true;
      try {
        const groups =
          text === '' ? await proposed(ask) : [(await ask({ kind: 'search', text }, MAX_RESULTS)).map(itemOf)];
        if (!signal.aborted) show(groups);
      } catch (error) {
        const failure = failureOf(error);
        // The error is shown whatever text is typed.
        if (!signal.aborted) show([[{ label: `$(error) ${labelText(textOfFailure(failure))}`, alwaysShow: true }]]);
      }
      if (!signal.aborted) pick.busy = false;
    };

    pick.onDidChangeValue((text) => void find(text.trim()));
    pick.onDidChangeSelection((selected) => {
      if (!many) return;
      picked.clear();
      for (const { foundUser } of selected) if (foundUser) picked.set(foundUser.user, foundUser);
    });
    pick.onDidAccept(() => {
      resolve(many ? [...picked.values()] : pick.selectedItems.flatMap(({ foundUser }) => foundUser ?? []));
      pick.hide();
    });
    pick.onDidHide(() => {
      controller.abort();
      resolve(null);
      pick.dispose();
    });
    pick.show();
    void find('');
  });
}

async function proposed(
  ask: (choice: UserChoice, limit: number) => Promise<readonly FoundUser[]>,
): Promise<UserItem[][]> {
  const kinds: readonly (readonly [string, UserChoice])[] = [
    [vscode.l10n.t('heaviest'), { kind: 'heaviest' }],
    [vscode.l10n.t('coldest'), { kind: 'coldest' }],
    [vscode.l10n.t('at random'), { kind: 'random', salt: randomInt(2 ** 31) }],
  ];
  const groups = await Promise.all(
    kinds.map(async ([label, choice]) => [label, await ask(choice, MAX_PROPOSED)] as const),
  );
  const seen = new Set<string>();
  return groups.map(([label, users]) => {
    const fresh = users.filter(({ user }) => !seen.has(user));
    for (const { user } of fresh) seen.add(user);
    return fresh.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...fresh.map(itemOf)];
  });
}

function itemOf(foundUser: FoundUser): UserItem {
  return {
    label: labelText(foundUser.user),
    ...(foundUser.title ? { detail: labelText(foundUser.title) } : {}),
    description: vscode.l10n.t(
      '{0} shown · {1} chosen',
      formatCount(foundUser.impressions),
      formatCount(foundUser.positiveImpressions),
    ),
    foundUser,
  };
}
