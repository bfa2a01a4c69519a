/** How the learner likes to see the panel; kept by VS Code for this panel across reloads. */
import { AXES, type Axis } from '../kit/data/series';

export interface ChoiceState {
  readonly axis: Axis;
  /** Weight of the moving average, [0, 1). */
  readonly smoothing: number;
  readonly logLoss: boolean;
  /** Ids of the sections that are folded. */
  readonly collapsed: readonly string[];
}

export const DEFAULT_STATE: ChoiceState = {
  axis: 'step',
  smoothing: 0.9,
  logLoss: false,
  collapsed: ['compare', 'details'],
};

/** What was kept may be from another version: each part that makes no sense is replaced by its default. */
export function readState(kept: unknown): ChoiceState {
  if (typeof kept !== 'object' || kept === null) return DEFAULT_STATE;
  const { axis, smoothing, logLoss, collapsed } = kept as Partial<Record<keyof ChoiceState, unknown>>;
  return {
    axis: AXES.find((known) => known === axis) ?? DEFAULT_STATE.axis,
    smoothing: typeof smoothing === 'number' && smoothing >= 0 && smoothing < 1 ? smoothing : DEFAULT_STATE.smoothing,
    logLoss: typeof logLoss === 'boolean' ? logLoss : DEFAULT_STATE.logLoss,
    collapsed:
      Array.isArray(collapsed) && collapsed.every((id) => typeof id === 'string') ? collapsed : DEFAULT_STATE.collapsed,
  };
}

export class Choices {
  #state: ChoiceState;
  readonly #keep: (state: ChoiceState) => void;

  constructor(kept: unknown, keep: (state: ChoiceState) => void) {
    this.#state = readState(kept);
    this.#keep = keep;
  }

  get state(): ChoiceState {
    return this.#state;
  }

  change(part: Partial<ChoiceState>): void {
    this.#state = { ...this.#state, ...part };
    this.#keep(this.#state);
  }

  isCollapsed(id: string): boolean {
    return this.#state.collapsed.includes(id);
  }

  collapse(id: string, collapsed: boolean): void {
    if (this.isCollapsed(id) === collapsed) return;
    const others = this.#state.collapsed.filter((other) => other !== id);
    this.change({ collapsed: collapsed ? [...others, id] : others });
  }
}
