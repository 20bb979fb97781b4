import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { describeFailure, type Failure } from '../../core/message/failure.ts';
import type { Host } from '../host.ts';
import type { CommandId } from '../ids.ts';
import { textOfFailure } from '../language.ts';

/** A way out that a message offers. */
export interface WayOut {
  readonly label: string;
  readonly go: () => unknown;
}

/** One error message with the way to the log, and before it those that a command knows. Not waited for: a command has ended when its work has. */
export function showFailure(host: Host, id: CommandId, failure: Failure, ways: readonly WayOut[] = []): void {
  host.log.error(`${id}: ${describeFailure(failure)}${failure.cause ? `\n${failure.cause}` : ''}`);
  const offered = [
    ...ways,
    {
      label: vscode.l10n.t('Show Log'),
      go: () => {
        host.log.show(true);
      },
    },
  ];
  void vscode.window
    .showErrorMessage(labelText(textOfFailure(failure)), ...offered.map(({ label }) => label))
    .then((chosen) => offered.find(({ label }) => label === chosen)?.go());
}
