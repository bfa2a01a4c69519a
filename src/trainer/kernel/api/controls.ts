/** Controls under a cell, and the values that were chosen by them. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import type { ControlFunctions } from '../../../lab/cells/controls';
import type { ControlDisplay, ControlValue } from '../../../protocol/display';
import { short } from '../../../words/numbers';
import { currentCell } from '../context';
import { itemsOf } from '../display';
import { checkCount, checkNumber, checkText, wrongArgument } from './arguments';

type Spec = ControlDisplay['spec'];

/** Sides of a place to draw on. */
const LARGEST_SIDE = 256;
const DIGIT: readonly [number, number] = [28, 28];

interface Control {
  readonly spec: Spec;
  value: ControlValue;
}

export class Controls {
  /** By the cell's URI and the label. They outlive the cell's executions. */
  private readonly known = new Map<string, Control>();

  readonly functions: ControlFunctions = {
    slider: (label, { min, max, step = (max - min) / 100, value = min, log = false }) => {
      const field = (name: string): string => `input.slider: ${name}`;
      const [low, high] = [checkNumber(field('min'), min), checkNumber(field('max'), max)];
      if (low >= high)
        throw wrongArgument({ field: field('max'), expected: l10n.t('more than {0}', short(low)), found: max });
      if (log && low <= 0)
        throw wrongArgument({ field: field('min'), expected: l10n.t('more than {0}', '0'), found: min });
      if (checkNumber(field('step'), step) <= 0)
        throw wrongArgument({ field: field('step'), expected: l10n.t('more than {0}', '0'), found: step });
      const begin = Math.min(high, Math.max(low, checkNumber(field('value'), value)));
      return Number(this.show(label, { type: 'slider', min: low, max: high, step, log }, begin));
    },
    choice: <T extends string>(label: string, options: readonly T[], value?: T): T => {
      const texts: readonly unknown[] = Array.isArray(options) ? options : [];
      const first = options[0];
      if (first === undefined || !texts.every((option) => typeof option === 'string'))
        throw wrongArgument({ field: 'input.choice: options', expected: l10n.t('a list of texts'), found: options });
      if (value !== undefined && !options.includes(value))
        throw wrongArgument({ field: 'input.choice: value', expected: options.join(', '), found: value });
      return this.show(label, { type: 'choice', options }, value ?? first) as T;
    },
    text: (label, { value = '', placeholder = '', multiline = false } = {}) =>
      String(this.show(label, { type: 'text', placeholder, multiline }, value)),
    drawing: (label, [height, width] = DIGIT) => {
      for (const side of [height, width])
        if (checkCount('input.drawing: shape', side, 1) > LARGEST_SIDE)
          throw wrongArgument({
            field: 'input.drawing: shape',
            expected: l10n.t('at most {0}', LARGEST_SIDE),
            found: side,
          });
      const empty = Array.from({ length: height * width }, () => 0);
      return this.tensorOf(this.show(label, { type: 'drawing', height, width }, empty), height, width);
    },
  };

  /**
   * @returns what a variable that was declared with this control has now; undefined where there is no such control, or the
   *   value is none of its own
   */
  set(id: string, value: ControlValue): unknown {
    const control = this.known.get(id);
    if (control === undefined || !isValueOf(control.spec, value)) return undefined;
    control.value = value;
    const { spec } = control;
    return spec.type === 'drawing' ? this.tensorOf(value, spec.height, spec.width) : value;
  }

  private show(label: unknown, spec: Spec, begin: ControlValue): ControlValue {
    const cell = currentCell(`input.${spec.type}`);
    const named = checkText(`input.${spec.type}: label`, label);
    const id = controlId(cell.request.cell, named);
    const before = this.known.get(id);
    // Another range, other options: what was chosen before may be none of them.
    const keeps = before !== undefined && JSON.stringify(before.spec) === JSON.stringify(spec);
    const value = keeps ? before.value : begin;
    this.known.set(id, { spec, value });
    const display: ControlDisplay = { kind: 'control', control: id, label: named, value, spec };
    cell.show(itemsOf(display, `${named}: ${Array.isArray(value) ? `[${spec.type}]` : String(value)}`), id);
    return value;
  }

  private tensorOf(value: ControlValue, height: number, width: number): tf.Tensor2D {
    return tf.tensor2d(Array.isArray(value) ? [...(value as readonly number[])] : [], [height, width]);
  }
}

export function controlId(cell: string, label: string): string {
  return `${cell} ${label}`;
}

/** What comes from a page may be anything. */
function isValueOf(spec: Spec, value: ControlValue): boolean {
  switch (spec.type) {
    case 'slider':
      return typeof value === 'number' && value >= spec.min && value <= spec.max;
    case 'choice':
      return typeof value === 'string' && spec.options.includes(value);
    case 'text':
      return typeof value === 'string';
    case 'drawing':
      return (
        Array.isArray(value) &&
        value.length === spec.height * spec.width &&
        value.every((pixel: unknown) => typeof pixel === 'number' && pixel >= 0 && pixel <= 1)
      );
  }
}
