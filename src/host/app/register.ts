import * as vscode from 'vscode';
import type { CommandHandlers } from './commands';
import type { Disposables } from './disposables';
import type { Errors } from './errors';
import { COMMANDS, type CommandId } from './manifest';

/** Registers every command; whatever a handler throws is shown. */
export function registerCommands(handlers: CommandHandlers, errors: Errors, lifetime: Disposables): void {
  for (const id of Object.keys(COMMANDS) as CommandId[]) {
    // The table ties subjects to handlers; the loop over its names cannot express it.
    const handle = handlers[id] as (subject: unknown) => unknown;
    lifetime.add(
      vscode.commands.registerCommand(id, async (...given: unknown[]) => {
        try {
          return await handle(COMMANDS[id].read(given));
        } catch (error) {
          errors.show(error);
          return undefined;
        }
      }),
    );
  }
}
