/** Replaces members of objects that are not ours for a while, and puts them back. */
export class Patches {
  private readonly undone: (() => void)[] = [];

  /** Inherited members are covered by an own one, which `undo` removes again. */
  set<O extends object, K extends keyof O>(object: O, key: K, value: O[K]): void {
    this.willUndo(object, key);
    object[key] = value;
  }

  /** The same with an accessor. */
  define<O extends object>(object: O, key: keyof O, descriptor: PropertyDescriptor): void {
    this.willUndo(object, key);
    Object.defineProperty(object, key, descriptor);
  }

  private willUndo(object: object, key: PropertyKey): void {
    const original = Object.getOwnPropertyDescriptor(object, key);
    this.undone.push(() => {
      if (original === undefined) Reflect.deleteProperty(object, key);
      else Object.defineProperty(object, key, original);
    });
  }

  undo(): void {
    for (const undo of this.undone.reverse()) undo();
    this.undone.length = 0;
  }
}
