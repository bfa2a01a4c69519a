import * as vscode from 'vscode';
import type { TrainerPool } from './pool';
import { phaseOf } from './session';

/** Text that changes beside what is read draws the eye, and costs VS Code a picture each time. */
const GLANCE_MS = 2900;

/**
 * For what stands beside the work and is looked at now and then: fires at once when a run begins, pauses, ends or says
 * what it is doing; for its figures rarely, and then together with the other news of it.
 */
export class Glance implements vscode.Disposable {
  private readonly due = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  /** What each session does. */
  private readonly doing = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private next = 0;
  private focus: string | undefined;
  readonly onDidChange = this.due.event;

  constructor(pool: TrainerPool) {
    this.subscription = pool.onDidChange((session) => {
      const phase = phaseOf(session);
      const doing = `${phase} ${session.activity?.text ?? ''}`;
      const focus = pool.current()?.project;
      // A run that is paused has news only when the user takes a step.
      if (phase === 'paused' || this.doing.get(session.project) !== doing || this.focus !== focus) {
        this.doing.set(session.project, doing);
        this.focus = focus;
        this.due.fire();
        return;
      }
      this.timer ??= setTimeout(
        () => {
          this.timer = undefined;
          this.next = Date.now() + GLANCE_MS;
          this.due.fire();
        },
        Math.max(0, this.next - Date.now()),
      );
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
    this.due.dispose();
  }
}
