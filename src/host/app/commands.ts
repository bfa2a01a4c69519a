import * as vscode from 'vscode';
import type { Disposables } from './disposables';
import type { Errors } from './errors';
import type { CommandId } from './manifest';

/** What VS Code hands over is unknown: a tree item, a file, what a keybinding or another extension says. */
export type CommandHandler = (argument: unknown, selection: unknown) => unknown;

/** Each feature gives some of these; together they must be all. */
export type CommandTable = Readonly<Record<CommandId, CommandHandler>>;

/** Registers every command; whatever a handler throws is shown. */
export function registerCommands(table: CommandTable, errors: Errors, lifetime: Disposables): void {
  for (const id of Object.keys(table) as CommandId[]) {
    lifetime.add(
      vscode.commands.registerCommand(id, async (argument: unknown, selection: unknown) => {
        try {
          return await table[id](argument, selection);
        } catch (error) {
          errors.show(error);
          return undefined;
        }
      }),
    );
  }
}
