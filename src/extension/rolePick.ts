import * as vscode from 'vscode';
import { likelyColumns } from '../core/config/starterData.ts';
import { labelText } from '../core/message/escape.ts';
import { roleIcons, roleNames } from '../core/table/roleName.ts';
import { roles, type Role } from '../core/table/role.ts';
import type { Column } from '../core/table/dataset.ts';
import { typeName } from '../core/table/type.ts';
import { textOf } from './language.ts';

/** Asks for a column; null if dismissed. */
export async function pickColumn(
  columns: readonly Column[],
  title: string,
  placeHolder = vscode.l10n.t('Which column?'),
): Promise<Column | null> {
  const items = columns.map((column) => ({
    label: column.role ? `$(${roleIcons[column.role.role]}) ${labelText(column.name)}` : labelText(column.name),
    description: column.role
      ? `${labelText(typeName(column.type))} · ${textOf(roleNames[column.role.role])}`
      : labelText(typeName(column.type)),
    column,
  }));
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder });
  return picked?.column ?? null;
}

/** Asks for the column of a role that none was recognised to have, the likeliest first; null if dismissed. */
export async function pickMissing(role: Role, columns: readonly Column[], title: string): Promise<Column | null> {
  const name = textOf(roleNames[role]);
  return await pickColumn(
    likelyColumns(role, columns),
    `${title}: ${name}`,
    vscode.l10n.t('No column was recognised as {0}. Which one is it?', name),
  );
}

/** Asks for the role of a column. Undefined: restore the guess. 'dismissed': nothing was chosen. */
export async function pickRole(column: Column): Promise<Role | null | undefined | 'dismissed'> {
  type Item = vscode.QuickPickItem & { readonly choice: Role | null | undefined };
  const current = column.role;
  const items: Item[] = roles.map((role) => ({
    label: `$(${roleIcons[role]}) ${textOf(roleNames[role])}`,
    choice: role,
    ...(current?.role === role
      ? { description: current.set ? vscode.l10n.t('set by you') : labelText(textOf(current.reason)) }
      : {}),
  }));
  items.push({ label: '', kind: vscode.QuickPickItemKind.Separator, choice: null });
  items.push({ label: `$(circle-slash) ${vscode.l10n.t('no role')}`, choice: null });
  items.push({ label: `$(discard) ${vscode.l10n.t('guess from the name and the values')}`, choice: undefined });
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Role of {0}', column.name),
    placeHolder: vscode.l10n.t('What does this column mean in the training data?'),
    matchOnDescription: true,
  });
  return picked ? picked.choice : 'dismissed';
}
