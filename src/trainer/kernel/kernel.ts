/** A notebook's kernel: its cells run one after the other in one lasting scope, and it survives whatever they do. */
import * as l10n from '@vscode/l10n';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Dataset } from '../../lab/dataset';
import { LabError, toErrorData } from '../../protocol/errors';
import { TEXT_MIME, type Page } from '../../protocol/display';
import type {
  CellEnd,
  CellOutput,
  ExecuteCell,
  KernelState,
  OutputEvent,
  Parts,
  ReadPage,
  SetControl,
  ValuePath,
  Variables,
} from '../../protocol/kernel';
import { notValid } from '../modelFile/bundle';
import { describeModelError, threwText, type Origin } from '../modelFile/errors';
import { LayerPlaces } from '../modelFile/layerPlaces';
import { Places } from '../modelFile/places';
import { remember } from '../modelFile/unheard';
import { serveCellFunctions } from './api';
import { controlId, Controls } from './api/controls';
import { KERNEL, translate, unmarked, writtenName, type BoundControl, type TranslatedCell } from './cell/translate';
import { callingCell, inCell, type KernelRuns } from './context';
import { displayOf } from './display';
import { Pages } from './display/pages';
import { ForgottenTensors } from './forgotten';
import { KernelEffects } from './effects';
import { Execution } from './execution';
import { EngineScopes } from './engineScopes';
import { Modules } from './modules';
import { DeclaredNames } from './names';
import { ReplScope } from './scope';
import { describeParts, describeVariables } from './variables';

export interface KernelHost {
  readonly runs: KernelRuns;
  /** Ends the run that a cell trains, if one does. */
  stopRun(): Promise<void>;
  output(ticket: string, cell: string, event: OutputEvent): void;
  ended(ticket: string, cell: string, end: CellEnd): void;
  isAttended(): boolean;
  /** What was printed so far is told now. */
  flush(): void;
  /** The number of the cell that runs, for the watchdog's thread; undefined: none does. */
  executing(ticket: string | undefined): void;
}

/** More cells than a notebook has are not kept. */
const MOST_UNSEEN = 1000;

export class Kernel {
  private readonly origin: Origin;
  private readonly effects: KernelEffects;
  private readonly modules: Modules;
  private readonly pages = new Pages();
  private readonly forgotten = new ForgottenTensors();
  private readonly controls = new Controls();
  /** Names of the variables that were declared with a control, by its id. */
  private readonly bound = new Map<string, readonly string[]>();
  private readonly scope: ReplScope;
  private readonly names: DeclaredNames;
  private readonly imported = new Map<number, readonly unknown[]>();
  private readonly waiting = new Map<string, Execution>();
  private queue: Promise<unknown> = Promise.resolve();
  private order = 0;
  /** What the control that was moved last gives. */
  private chosen: unknown;
  private readonly unseen: KernelState['ended'][number][] = [];
  /** The one that runs, or ran last: what is printed is its. */
  private last: Execution | undefined;
  private running: Execution | undefined;

  constructor(private readonly host: KernelHost) {
    serveCellFunctions(this.controls);
    const places = new Places();
    this.origin = { places, layers: new LayerPlaces(places), declared: () => places.here()[0], kind: 'cell' };
    remember(this.origin);
    this.effects = new KernelEffects(places);
    this.modules = new Modules(this.origin, this.effects);
    this.scope = new ReplScope({
      imported: (number: number) => this.imported.get(number),
      chosen: () => this.chosen,
      import: (specifier: unknown) => this.modules.namespace(String(specifier), this.importer()),
      resumed: <T>(value: T): T => {
        this.effects.disturb();
        callingCell()?.signal.throwIfAborted();
        return value;
      },
      meta: this.meta(),
    });
    this.names = new DeclaredNames(this.scope);
  }

  get isBusy(): boolean {
    return this.waiting.size > 0;
  }

  /** What ended unseen is told once. */
  takeState(): KernelState {
    const { order, running } = this;
    const ended = this.unseen.splice(0);
    return running === undefined ? { order, ended } : { order, ended, executing: running.told() };
  }

  /** Runs a cell when those before it are done. Never rejects for what the cell does. */
  async execute(request: ExecuteCell): Promise<CellEnd> {
    const { ticket, cell } = request;
    const runs: KernelRuns = {
      ...this.host.runs,
      begin: async (label, begin) => {
        const run = await this.host.runs.begin(label, begin);
        void run.ended.then(() => {
          this.effects.rest();
        });
        return run;
      },
    };
    const execution = new Execution(
      request,
      (event) => {
        this.host.output(ticket, cell, event);
      },
      { runs, origin: this.origin, effects: this.effects, pages: this.pages },
    );
    this.waiting.set(ticket, execution);
    const turn = this.queue;
    const end = turn.then(() => this.begin(execution));
    this.queue = end.catch(() => undefined);
    try {
      return await end;
    } finally {
      this.waiting.delete(ticket);
    }
  }

  /** The cell's own answer says when it has ended. An unknown ticket is one that has ended already. */
  async interrupt(ticket: string): Promise<void> {
    const execution = this.waiting.get(ticket);
    if (execution === undefined) return;
    execution.abort.abort(interrupted());
    if (this.running === execution) await this.host.stopRun();
    // What waits for something is left; what a training's end has freed comes first.
    setImmediate(() => {
      execution.end(interrupted());
    });
  }

  /** Nobody needs what is still to be executed. */
  interruptAll(): void {
    for (const ticket of this.waiting.keys()) void this.interrupt(ticket);
  }

  /** What the learner's code prints. */
  print(stream: 'stdout' | 'stderr', text: string): void {
    this.last?.say({ kind: 'stream', stream, text });
  }

  /** An error that nobody awaits is the running cell's, or stands below the last one. */
  unheard(error: unknown): void {
    if (this.running !== undefined) this.running.end(error);
    else this.print('stderr', `${textOfError(error)}\n`);
  }

  async variables(): Promise<Variables> {
    return describeVariables(await this.names.own());
  }

  /** @throws LabError VARIABLE_UNKNOWN, what the learner's code in the value throws */
  async parts(path: ValuePath): Promise<Parts> {
    return describeParts(await this.names.at(path));
  }

  /** @throws LabError VARIABLE_UNKNOWN, what the learner's code in the value throws */
  async value(path: ValuePath): Promise<CellOutput> {
    const value = await this.names.at(path);
    const context = { pages: this.pages, load: (data: Dataset) => this.requireLast().context.load(data) };
    const items = await displayOf(value, context).catch((error: unknown) => {
      throw asCellError(error, this.origin);
    });
    return { id: `value/${path.join('/')}`, items: items ?? { [TEXT_MIME]: 'undefined' } };
  }

  /**
   * A control was moved: the variables that were declared with it have its value from now on, also while a cell runs.
   * @returns their names
   */
  async setControl({ control, value }: SetControl): Promise<readonly string[]> {
    const names = this.bound.get(control) ?? [];
    this.chosen = this.controls.set(control, value);
    if (this.chosen === undefined || names.length === 0) return [];
    const code = names.map((name) => `${writtenName(name)} = ${KERNEL}.chosen();`).join('');
    this.effects.disturb();
    await this.scope.evaluate(code, 'lab-control.js');
    return names;
  }

  page(request: ReadPage): Page {
    return this.pages.read(request);
  }

  private async begin(execution: Execution): Promise<CellEnd> {
    const { request, abort } = execution;
    // What an earlier cell has printed is its own.
    this.host.flush();
    this.order += 1;
    execution.order = this.order;
    execution.began = Date.now();
    this.running = this.last = execution;
    this.host.executing(request.ticket);
    this.forgotten.hold();
    const began = performance.now();
    let names: Pick<CellEnd, 'declares' | 'uses'> = { declares: [], uses: [] };
    let how: Pick<CellEnd, 'state' | 'error'>;
    const engine = new EngineScopes();
    try {
      abort.signal.throwIfAborted();
      enterFolderOf(request.notebook);
      const work = this.run(execution, (found) => (names = found));
      await Promise.race([work, execution.ended]);
      how = { state: 'done' };
    } catch (error) {
      engine.restore();
      const data = toErrorData(error);
      // A loop is ended from another thread, before the request that asks for it is heard in this one.
      const isCancelled = abort.signal.aborted || data.code === 'CANCELLED';
      how = isCancelled ? { state: 'cancelled' } : { state: 'failed', error: data };
    }
    this.host.flush();
    this.running = undefined;
    this.host.executing(undefined);
    this.forgotten.release();
    const { order, began: at } = execution;
    const end = { ...how, order, began: at, milliseconds: performance.now() - began, ...names };
    this.host.ended(request.ticket, request.cell, end);
    if (!this.host.isAttended()) {
      this.unseen.push({ ...execution.told(), end });
      if (this.unseen.length > MOST_UNSEEN) this.unseen.shift();
    }
    return end;
  }

  private async run(execution: Execution, found: (names: Pick<CellEnd, 'declares' | 'uses'>) => void): Promise<void> {
    const { request, context, order } = execution;
    const translated = await translate(request, order, this.names.all);
    found({ declares: translated.declares, uses: translated.uses });
    const imported: unknown[] = [];
    await inCell(context, async () => {
      for (const one of translated.imports) imported.push(...(await this.modules.values(one, request)));
    });
    context.signal.throwIfAborted();
    this.imported.set(order, imported);
    this.names.declare(translated);
    this.bind(request.cell, translated.controls);
    try {
      await inCell(context, async () => {
        const value = await this.evaluate(translated);
        const items = await displayOf(value, context).catch((error: unknown) => {
          throw asCellError(error, this.origin);
        });
        if (items !== undefined) context.show(items);
      });
    } finally {
      this.imported.delete(order);
    }
  }

  private bind(cell: string, controls: readonly BoundControl[]): void {
    for (const { label } of controls) {
      const names = controls.flatMap((one) => (one.label === label ? [one.name] : []));
      this.bound.set(controlId(cell, label), names);
    }
  }

  /** @throws LabError of the learner's, with its place */
  private async evaluate({ code, original }: TranslatedCell): Promise<unknown> {
    const script = this.effects.instrument(code, original);
    const name = this.origin.places.add(script.code, script.original);
    this.effects.disturb();
    const evaluated = await this.scope.evaluate(script.code, name);
    switch (evaluated.kind) {
      case 'value':
        return evaluated.value;
      case 'thrown':
        throw asCellError(evaluated.value, this.origin);
      case 'syntax':
        throw notValid(unmarked(evaluated.message), script.original(evaluated.line + 1, evaluated.column));
      case 'terminated':
        throw interrupted();
    }
  }

  private importer(): ExecuteCell {
    return callingCell()?.request ?? this.requireLast().request;
  }

  private requireLast(): Execution {
    if (this.last === undefined) throw new Error('No cell has been run');
    return this.last;
  }

  /** `import.meta` of a cell. */
  private meta(): object {
    const notebook = (): string => this.importer().notebook;
    return Object.freeze({
      get url(): string {
        return pathToFileURL(notebook()).href;
      },
      get filename(): string {
        return notebook();
      },
      get dirname(): string {
        return path.dirname(notebook());
      },
    });
  }
}

/** Whatever a cell throws is the learner's. */
function asCellError(thrown: unknown, origin: Origin): LabError {
  const error = describeModelError(thrown, origin);
  if (error instanceof LabError)
    return new LabError({ ...error.data, message: unmarked(error.data.message) }, { cause: error });
  const { stack, message } = error as Error;
  return new LabError(
    {
      code: 'MODEL_THREW',
      message: unmarked(threwText(error as Error, origin)),
      remedy: l10n.t('Look at the details: they say where it was thrown.'),
      details: origin.places.readable(stack ?? message),
    },
    { cause: error },
  );
}

const textOfError = (error: unknown): string => {
  const { message, location } = toErrorData(error);
  return location === undefined ? message : `${message} (${location.file}:${location.line}:${location.column})`;
};

/** Relative paths in cells mean the notebook's folder. */
function enterFolderOf(notebook: string): void {
  const folder = path.dirname(notebook);
  if (existsSync(folder)) process.chdir(folder);
}

function interrupted(): LabError {
  return new LabError({ code: 'CANCELLED', message: l10n.t('The cell was interrupted.') });
}
