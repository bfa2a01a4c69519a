import * as vscode from 'vscode';
import { CONTEXTS, type Contexts } from './manifest';

/** The keys of `when` clauses; a value is sent to VS Code only when it changes. */
export class ContextKeys {
  private readonly values: Partial<Contexts> = {};

  constructor() {
    for (const key of Object.keys(CONTEXTS) as (keyof Contexts)[]) this.set(key, CONTEXTS[key]);
  }

  set<K extends keyof Contexts>(key: K, value: Contexts[K]): void {
    if (this.values[key] === value) return;
    this.values[key] = value;
    void vscode.commands.executeCommand('setContext', key, value);
  }

  get<K extends keyof Contexts>(key: K): Contexts[K] {
    return this.values[key] ?? CONTEXTS[key];
  }
}
