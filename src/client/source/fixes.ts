/** Turns what the trainer would have changed into edits of the text. */
import * as l10n from '@vscode/l10n';
import type { LabErrorData } from '../../protocol/errors';
import type { Fix } from '../../protocol/fix';
import { callOf, fieldOf } from './anchors';
import { argumentEdits } from './argumentEdits';
import type { Analysis, Call } from './analysis';
import type { Edit, Remedy } from './edits';
import { importing } from './imports';
import type { Range } from './positions';
import { blankOut } from './scan';

/** The remedies that can be carried out in this text, best first. */
export function remediesFor(text: string, analysis: Analysis, error: LabErrorData): Remedy[] {
  if (!analysis.parsed) return [];
  return (error.fixes ?? []).flatMap((fix) => {
    const remedy = remedyFor(fix, text, analysis, error);
    return remedy === undefined || remedy.edits.length === 0 ? [] : [remedy];
  });
}

function remedyFor(fix: Fix, text: string, analysis: Analysis, error: LabErrorData): Remedy | undefined {
  switch (fix.kind) {
    case 'rename':
      return { title: l10n.t("Change to '{0}'", fix.to), edits: rename(fix, text, analysis, error) };
    case 'argument': {
      const call = callOf(analysis, error);
      return call && argumentEdits(fix, text, analysis, call);
    }
    case 'field':
      return { title: l10n.t('Set {0}: {1}', fix.name, fix.value), edits: setField(fix.name, fix.value, analysis) };
    case 'wrap': {
      const value = fieldOf(analysis.experiment, fix.field)?.valueRange;
      if (value === undefined) return undefined;
      const { start, end } = value;
      const whole = `${fix.before}${text.slice(start.offset, end.offset)}${fix.after}`;
      return { title: l10n.t('Write {0}', firstLine(whole)), edits: [replace(value, whole)] };
    }
    case 'fromLogits':
      return setFromLogits(fix.value, text, analysis);
    case 'learningRate':
      return {
        title: l10n.t('Set the learning rate to {0}', fix.value),
        edits: setLearningRate(fix.value, text, analysis),
      };
  }
}

function rename({ from, to }: Fix & { kind: 'rename' }, text: string, analysis: Analysis, error: LabErrorData): Edit[] {
  const call = callOf(analysis, error);
  const field = call?.fields.find(({ name }) => name === from);
  if (field !== undefined) return [replace(field.nameRange, to)];
  const value = (fieldOf(call, error.field) ?? fieldOf(analysis.experiment, error.field))?.valueRange;
  if (value !== undefined) {
    const inValue = words(text, from, value.start.offset, value.end.offset);
    if (inValue.length > 0) return inValue.slice(0, 1).map((edit) => ({ ...edit, text: to }));
  }
  if (call === undefined) return [];
  // A name without an owner is imported: there it is misspelt as well.
  const [start, end] =
    call.callee === from ? [0, text.length] : [call.calleeRange.start.offset, call.calleeRange.end.offset];
  return words(blankOut(text), from, start, end).map((edit) => ({ ...edit, text: to }));
}

/** Every place of a word. */
function words(text: string, word: string, start: number, end: number): Edit[] {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = text.slice(start, end).matchAll(new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`, 'g'));
  return [...found].map(({ index }) => ({ start: start + index, end: start + index + word.length, text: word }));
}

function setField(name: string, value: string, { experiment }: Analysis): Edit[] {
  const field = fieldOf(experiment, name);
  if (field !== undefined) return [replace(field.valueRange, value)];
  const last = experiment?.fields.at(-1)?.valueRange.end.offset;
  return last === undefined ? [] : [{ start: last, end: last, text: `,\n  ${name}: ${value}` }];
}

function setFromLogits(value: boolean, text: string, analysis: Analysis): Remedy | undefined {
  const loss = fieldOf(analysis.experiment, 'loss');
  if (loss === undefined) return undefined;
  const title = value ? l10n.t('Add fromLogits: true to the loss') : l10n.t('Remove fromLogits from the loss');
  const named = /^['"`](\w+)['"`]$/.exec(loss.value)?.[1];
  if (named !== undefined) {
    if (!value) return undefined;
    const call = `losses.${named}({ fromLogits: true })`;
    return { title, edits: [replace(loss.valueRange, call), ...importing('losses', text)] };
  }
  const call = analysis.calls.find(({ range }) => sameRange(range, loss.valueRange));
  if (call?.callee.startsWith('losses.') !== true) return undefined;
  const fix = { kind: 'argument', name: 'fromLogits', ...(value ? { value: 'true' } : {}) } as const;
  const edits = argumentEdits(fix, text, analysis, call)?.edits;
  return edits && { title, edits };
}

/** The rate is the first argument of the optimizer, or a constant that stands there. */
function setLearningRate(value: number, text: string, { experiment, calls, declarations }: Analysis): Edit[] {
  const optimizer = fieldOf(experiment, 'optimizer')?.valueRange;
  const constant = declarations.find(
    ({ name, kind }) =>
      kind === 'function' && optimizer && text.slice(optimizer.start.offset, optimizer.end.offset) === name,
  );
  const around = constant?.bodyRange ?? optimizer;
  const call = around && calls.find((candidate) => isOptimizer(candidate) && isInside(candidate.range, around));
  const rate = call?.arguments[0];
  if (rate === undefined) return [];
  const written = text.slice(rate.start.offset, rate.end.offset);
  const declared = declarations.find(({ name, kind }) => kind === 'value' && name === written)?.bodyRange;
  return [replace(declared ?? rate, String(value))];
}

const isOptimizer = ({ callee }: Call): boolean => callee.split('.').at(-2) === 'train';
const isInside = (inner: Range, outer: Range): boolean =>
  inner.start.offset >= outer.start.offset && inner.end.offset <= outer.end.offset;
const sameRange = (a: Range, b: Range): boolean => a.start.offset === b.start.offset && a.end.offset === b.end.offset;
const replace = ({ start, end }: Range, text: string): Edit => ({ start: start.offset, end: end.offset, text });

function firstLine(text: string): string {
  const [line = '', ...more] = text.split('\n');
  return more.length === 0 ? line : `${line} …`;
}
