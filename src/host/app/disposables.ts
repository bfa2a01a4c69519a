import type { Disposable } from 'vscode';

/** A list of things with a common lifetime. What is added after the end is ended at once. */
export class Disposables implements Disposable {
  private readonly items: Disposable[] = [];
  private ended = false;

  add<T extends Disposable>(item: T): T {
    if (this.ended) item.dispose();
    else this.items.push(item);
    return item;
  }

  /** Ends everything, last added first. */
  dispose(): void {
    this.ended = true;
    for (const item of this.items.splice(0).reverse()) item.dispose();
  }
}
