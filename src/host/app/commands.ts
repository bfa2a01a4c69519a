/** Commands with what they are about: handled, executed and linked to from one table (`COMMANDS`). */
import * as vscode from 'vscode';
import type { COMMANDS, CommandId } from './manifest';
import type { Subject } from './subjects';

/** What our own code passes to a command. */
export type ArgumentsOf<C extends CommandId> =
  (typeof COMMANDS)[C] extends Subject<infer Passed, unknown> ? Passed : never;

/** What a command is told of it. */
export type SubjectOf<C extends CommandId> = ReturnType<(typeof COMMANDS)[C]['read']>;

/** Each feature gives some of these; together they must be all. */
export type CommandHandlers = { readonly [C in CommandId]: (subject: SubjectOf<C>) => unknown };

export async function execute<C extends CommandId>(id: C, ...about: ArgumentsOf<C>): Promise<void> {
  await vscode.commands.executeCommand(id, ...about);
}

/** For lenses and items of views. */
export function commandOf<C extends CommandId>(title: string, id: C, ...about: ArgumentsOf<C>): vscode.Command {
  return { title, command: id, arguments: [...about] };
}

/** For Markdown. What it is about must be plain data. */
export function commandLink<C extends CommandId>(id: C, ...about: ArgumentsOf<C>): string {
  return `command:${id}?${encodeURIComponent(JSON.stringify(about))}`;
}
