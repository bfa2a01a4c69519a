/**
 * What the code of a kernel does beside computing tensors: that of all its cells and of every file that they import. Cells
 * share one scope, so that any of them may change what another reads.
 */
import type { Effect, Effects } from '../../learning/compile';
import type { SourceLocation } from '../../protocol/errors';
import { instrumentShared, type Site } from '../modelFile/effects/instrument';
import { Watch } from '../modelFile/effects/watch';
import type { Original, Places } from '../modelFile/places';

/** What cells report to, a variable that every script sees. */
const REPORTER = '$labCells';
/** Files report to objects of their own: a function of any of them is known to report. */
const MARK = '/*$lab';

export class KernelEffects implements Effects {
  private readonly sites: Site[] = [];
  private readonly originals = new WeakMap<Site, Original>();
  private readonly cells: Watch;
  /** What an older version of a file has left behind may still be called. */
  private readonly files: Effects[] = [];
  private disturbances = 0;

  constructor(private readonly places: Places) {
    this.cells = new Watch({
      sites: this.sites,
      mark: MARK,
      locate: (site) => this.originals.get(site)?.(site.line, site.column),
      here: () => this.here(),
    });
    Object.defineProperty(globalThis, REPORTER, { value: this.cells.reporter });
  }

  /** A cell's script that reports what its functions do. */
  instrument(code: string, original: Original): { readonly code: string; readonly original: Original } {
    const script = instrumentShared(code, { reporter: REPORTER, firstSite: this.sites.length });
    for (const site of script.sites) {
      this.sites.push(site);
      this.originals.set(site, original);
    }
    return { code: script.code, original: (line, column) => original(line, script.columnOf(line, column)) };
  }

  addFile(file: Effects): void {
    this.files.push(file);
  }

  /** Code at the top of a cell goes on, which reports nothing: it may change whatever it likes. */
  disturb(): void {
    this.disturbances += 1;
  }

  /** The training is over. */
  rest(): void {
    this.cells.rest();
  }

  get changes(): number {
    return this.files.reduce((sum, { changes }) => sum + changes, this.cells.changes + this.disturbances);
  }

  get last(): Effect | undefined {
    const last = [this.cells, ...this.files].map((part) => part.last).find((effect) => effect !== undefined);
    return last ?? (this.disturbances === 0 ? undefined : { kind: 'call', name: 'await' });
  }

  here(): SourceLocation | undefined {
    return this.places.here()[0];
  }

  step<T>(work: () => T): T {
    return [this.cells, ...this.files].reduceRight((inner, part) => () => part.step(inner), work)();
  }
}
